/// An exact decimal number: `mantissa` · 10^`exponent`, where the mantissa of all but 0 ends in no 0.
struct Decimal: Equatable {
    let mantissa: Int128
    let exponent: Int

    /// Reads `-12.5e3`; `nil` for what has another form or more than 38 digits.
    init?(_ text: String) {
        guard let written = DecimalText(text), written.digits.count <= 38 else { return nil }
        let size = written.digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) }
        mantissa = written.isNegative ? -size : size
        exponent = written.exponent
    }

    /// The whole number of units of 10^`unit` that it is; `nil` where it is none or not below 2¹²⁷.
    func scaled(to unit: Int) -> Int128? {
        if mantissa == 0 { return 0 }
        guard exponent >= unit, exponent - unit <= 38 else { return nil }
        var result = mantissa
        for _ in unit..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return result
    }

    /// The double nearest to `numerator` / `denominator` · 10^`exponent`, for a denominator from 1 to 10⁹.
    ///
    /// Long division to more digits than decide the rounding; a digit after them says that some are left.
    static func double(_ numerator: Int128, over denominator: Int128, exponent: Int) -> Double {
        let size = numerator.magnitude
        let divisor = UInt128(denominator)
        var text = numerator < 0 ? "-" : ""
        text += String(size / divisor) + "."
        var rest = size % divisor
        var count = 0
        while rest != 0 && count < 60 {
            rest *= 10
            text += String(rest / divisor)
            rest %= divisor
            count += 1
        }
        text += rest == 0 ? "0" : "1"
        return Double("\(text)e\(exponent)") ?? .nan
    }
}
