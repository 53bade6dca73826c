import Numerics

/// How all numbers of one axis are written: plain, or with powers of ten.
struct TickNotation {
    private let isPlain: Bool
    /// The power of ten that numbers at equal distances share.
    private var shared = 0

    /// The notation of a logarithmic axis between two values.
    init(largest: Double, smallest: Double) {
        isPlain = smallest > 0.0009 && largest < 1e6
    }

    /// The notation of numbers at equal distances, each a multiple of a power of ten.
    init(largest: Double, stepExponent: Int) {
        isPlain = largest < 1e6 && stepExponent >= -9 && (largest > 0.001 || largest == 0)
        let exponent = largest > 0 ? DecimalLogarithm.of(largest) : 0
        shared = Int((exponent + 1e-9).rounded(.down))
    }

    /// One digit times a power of ten.
    func label(digit: Int, exponent: Int) -> String {
        if isPlain { return TickNotation.plain(Double(digit), exponent: exponent) }
        return digit == 1
            ? "10\(PowerText.raised(exponent))" : "\(digit)·10\(PowerText.raised(exponent))"
    }

    /// A whole number times a power of ten.
    func label(_ count: Double, exponent: Int) -> String {
        if isPlain || count == 0 { return TickNotation.plain(count, exponent: exponent) }
        return TickNotation.plain(count, exponent: exponent - shared)
            + "·10\(PowerText.raised(shared))"
    }

    /// Digits, in groups of three, with as many decimals as the power asks for.
    private static func plain(_ count: Double, exponent: Int) -> String {
        if count == 0 { return "0" }
        var digits = String(Int(count.magnitude.rounded()))
        var decimals = ""
        if exponent > 0 {
            digits += String(repeating: "0", count: min(15, exponent))
        } else if exponent < 0 {
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
            decimals = "." + padded.suffix(-exponent)
            digits = String(padded.dropLast(-exponent))
        }
        let whole = Int(digits).map(GroupedDigits.text) ?? digits
        return (count < 0 ? "−" : "") + whole + decimals
    }
}
