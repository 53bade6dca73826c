import Numerics

/// Equal ratios.
enum LogSteps {
    /// The ratio that leads from one positive number to another in so many steps.
    static func ratio(_ first: Double, _ last: Double, steps: Int) -> Double {
        Elementary.exp((Elementary.log(last) - Elementary.log(first)) / Double(steps))
    }

    /// How far apart two positive numbers are in logarithms.
    static func distance(_ a: Double, _ b: Double) -> Double {
        (Elementary.log(a) - Elementary.log(b)).magnitude
    }
}
