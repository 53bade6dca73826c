/// A number as a paper prints it: its digits say how precisely it is claimed.
package struct WrittenNumber: Sendable, Equatable {
    /// The text, such as `0.350` or `1.2e-3`.
    package let text: String
    /// Its value.
    package let value: Double
    /// How many decimals its mantissa has.
    private let decimals: Int
    /// The power of ten behind `e`.
    private let exponent: Int

    /// Reads a decimal number; `nil` for any other text.
    package init?(_ text: String) {
        let parts = text.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "eE".contains($0) })
        guard let value = Double(text), value.isFinite, let mantissa = parts.first,
            text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
        else { return nil }
        let fraction = mantissa.split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        self.text = text
        self.value = value
        decimals = fraction.count == 2 ? fraction[1].count : 0
        exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    }

    /// The unit of the last digit that is written.
    package var step: Double { Double("1e\(exponent - decimals)") ?? 0 }

    /// Whether a number rounds to the written one: it is at most half a unit away.
    package func isRounding(of number: Double) -> Bool {
        // Half a unit is not exact in binary: a number that is a tie in decimal counts as rounding.
        (number - value).magnitude <= 0.5 * step * (1 + 1e-9)
    }

    /// Another number, written with as many digits behind the point and the same power of ten.
    package func writing(_ number: Double) -> String {
        let scaled = exponent == 0 ? number : number / (Double("1e\(exponent)") ?? 1)
        let digits = WrittenNumber.fixed(scaled, decimals)
        return exponent == 0 ? digits : "\(digits)e\(exponent)"
    }

    /// A number with so many decimals, rounded from its shortest decimal form, halves away from 0.
    private static func fixed(_ number: Double, _ decimals: Int) -> String {
        guard number.isFinite, number.magnitude < 1e15, decimals < 18 else { return "\(number)" }
        // The digits of the shortest form, moved to a whole number of the last decimal's units.
        let text = "\(number.magnitude)"
        let parts = text.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let fraction = mantissa.count == 2 ? String(mantissa[1]) : ""
        let power = (parts.count == 2 ? Int(parts[1]) ?? 0 : 0) - fraction.count + decimals
        var digits = Array((whole + fraction).utf8).map { Int($0) - 48 }
        if power >= 0 {
            digits += Array(repeating: 0, count: power)
        } else {
            let dropped = min(-power, digits.count + 1)
            digits = Array(repeating: 0, count: max(0, dropped - digits.count)) + digits
            let isUp =
                digits.count >= dropped && dropped == -power && digits[digits.count - dropped] >= 5
            digits = Array(digits.dropLast(dropped))
            if isUp { increment(&digits) }
        }
        digits = Array(repeating: 0, count: max(0, decimals + 1 - digits.count)) + digits
        while digits.count > decimals + 1, digits[0] == 0 { digits.removeFirst() }
        let sign = number < 0 && digits.contains { $0 > 0 } ? "-" : ""
        let out = digits.map { String($0) }.joined()
        return decimals == 0
            ? sign + out : sign + out.dropLast(decimals) + "." + out.suffix(decimals)
    }

    private static func increment(_ digits: inout [Int]) {
        var place = digits.count - 1
        while place >= 0, digits[place] == 9 {
            digits[place] = 0
            place -= 1
        }
        if place >= 0 { digits[place] += 1 } else { digits.insert(1, at: 0) }
    }
}
