public import Canon

/// A number with its interval or standard error, as reports print them.
///
/// ```swift
/// let text = Told.number(9.4868, 3)  // 9.49
/// let law: JSON = ["value": .number(0.5), "low": .number(0.48), "high": .number(0.52)]
/// let exponent = Told.interval(law)  // 0.500 [0.480, 0.520]
/// ```
public enum Told {
    /// A column's name as a factor of a formula: an expression, such as `6*N`, stands in brackets.
    package static func factor(_ column: String) -> String {
        column.contains { "+-*/^ ".contains($0) } ? "(\(column))" : column
    }

    /// A number with so many significant digits, small whole numbers in full; a dash for none.
    public static func number(_ value: Double?, _ digits: Int = 3) -> String {
        guard let value else { return "–" }
        if value == value.rounded(), value.magnitude < 1e5 { return String(Int(value)) }
        return Markup.significant(value, digits)
    }

    /// A given number in its shortest form, such as 1.5.
    public static func plain(_ value: Double) -> String {
        value.isFinite ? JSON.number(value).canonicalText : "–"
    }

    /// `{value, low, high}` of a JSON document.
    public static func interval(_ json: JSON?, _ digits: Int = 3) -> String {
        let value = number(json?["value"]?.double, digits)
        guard let ends = ends(json, { number($0, digits) }) else { return value }
        return "\(value) \(ends)"
    }

    /// `[low, high]` of `{low, high}`, with −∞ and ∞ for ends that `unbounded` names; `nil` for no interval.
    package static func ends(
        _ json: JSON?, _ text: (Double) -> String
    ) -> String? {
        let open = json?["unbounded"]?.elements ?? []
        let low = json?["low"]?.double.map(text)
        let high = json?["high"]?.double.map(text)
        guard let low = low ?? (open.contains("low") ? "−∞" : nil),
            let high = high ?? (open.contains("high") ? "∞" : nil)
        else { return nil }
        return "[\(low), \(high)]"
    }
}
