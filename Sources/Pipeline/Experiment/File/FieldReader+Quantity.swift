import Canon

/// A number that may have a unit: `90s`, `2GB`.
struct Quantity {
    /// What the value counts, in the smallest unit.
    let units: [String: Double]
    /// The values that are taken.
    let range: ClosedRange<Double>
    /// What is expected, for people.
    let expected: String

    /// Seconds, up to 1,000 years.
    static func time(from least: Double) -> Quantity {
        Quantity(
            units: ["s": 1, "m": 60, "h": 3600, "d": 86400], range: least...31_557_600_000,
            expected: "seconds, or a text such as 90s, 10m, 2h, 1d")
    }

    /// Bytes, up to 2⁵³.
    static func bytes(from least: Double) -> Quantity {
        Quantity(
            units: [
                "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1024, "MiB": 1_048_576,
                "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
            ], range: least...9_007_199_254_740_992,
            expected: "bytes, or a text such as 500MB, 2GB, 1GiB"
        )
    }

    /// How often, with an `x` behind it: from the same to 100 times as much.
    static let factor = Quantity(
        units: ["x": 1], range: 1...100, expected: "how many times as much, such as 2x")
}

extension FieldReader {
    /// A number, alone or with a unit, in the smallest unit; `nil` after a mistake, which is told.
    func quantity(_ written: YAMLValue, _ what: String, _ quantity: Quantity) -> Double? {
        guard let value = value(written) else { return nil }
        var amount = value.json.double
        if let text = value.json.text {
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = String(text.dropFirst(digits.count).drop { $0 == " " })
            if let number = Double(digits), let factor = quantity.units[unit] {
                amount = number * factor
            }
        }
        guard let amount, value.firstUnfit == nil else {
            refuse(written, value, what, quantity.expected)
            return nil
        }
        guard quantity.range.contains(amount) else {
            let bounds = [quantity.range.lowerBound, quantity.range.upperBound].map {
                JSON.number($0).canonicalText
            }
            refuse(
                written, value, what, "\(quantity.expected); from \(bounds[0]) to \(bounds[1])")
            return nil
        }
        return amount
    }
}
