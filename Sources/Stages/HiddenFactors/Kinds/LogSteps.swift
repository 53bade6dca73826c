import Numerics

/// Equal ratios.
enum LogSteps {
    /// The ratio that leads from one positive number to another in so many steps.
    static func ratio(_ first: Double, _ last: Double, steps: Int) -> Double {
        Elementary.exp((Elementary.log(last) - Elementary.log(first)) / Double(steps))
    }

    /// Powers of ten between two positive numbers, every so many where there are too many.
    static func powersOfTen(_ first: Double, _ last: Double, most: Int) -> [Double] {
        let ten = 2.302585092994046
        let low = Int((Elementary.log(first) / ten - 1e-9).rounded(.up))
        let high = Int((Elementary.log(last) / ten + 1e-9).rounded(.down))
        guard low <= high else { return [] }
        let step = (high - low) / most + 1
        return stride(from: low, through: high, by: step).map { exponent in
            // By multiplication, so that a power of ten is one.
            (0..<exponent.magnitude).reduce(1.0) { power, _ in
                exponent < 0 ? power / 10 : power * 10
            }
        }
    }

    /// How far apart two positive numbers are in logarithms.
    static func distance(_ a: Double, _ b: Double) -> Double {
        (Elementary.log(a) - Elementary.log(b)).magnitude
    }
}
