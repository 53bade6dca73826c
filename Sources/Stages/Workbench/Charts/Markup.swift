/// Numbers and escapes for SVG and HTML: the same text everywhere.
///
/// ```swift
/// let cell = Markup.escape("a < b")  // a &lt; b
/// let short = Markup.significant(0.0123456)  // 0.0123
/// ```
public enum Markup {
    /// A coordinate with at most two decimals; what lies beyond any page is moved to ±10⁷.
    package static func number(_ value: Double) -> String {
        let hundredths = Int((max(-1e7, min(1e7, value.isNaN ? 0 : value)) * 100).rounded())
        let whole = hundredths.magnitude / 100
        let rest = hundredths.magnitude % 100
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
        return "\(sign)\(whole).\(digits)"
    }

    /// A value with so many significant digits: `0.0123`, `12300`, `4.5e-7`.
    public static func significant(_ value: Double, _ digits: Int = 3) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        var exponent = 0
        var mantissa = value.magnitude
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 1 {
            mantissa *= 10
            exponent -= 1
        }
        var scale = 1.0
        for _ in 1..<max(2, digits) { scale *= 10 }
        var whole = Int((mantissa * scale).rounded())
        if whole >= Int(scale * 10) {
            whole /= 10
            exponent += 1
        }
        let text = String(whole)
        let sign = value < 0 ? "−" : ""
        if exponent < -4 || exponent > 6 {
            var tail = String(text.dropFirst())
            while tail.hasSuffix("0") { tail.removeLast() }
            return "\(sign)\(text.prefix(1))\(tail.isEmpty ? "" : "." + tail)e\(exponent)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + text }
        if exponent + 1 >= text.count {
            return sign + text + String(repeating: "0", count: exponent + 1 - text.count)
        }
        return sign + text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1)
    }

    /// Text that HTML and SVG show as it is.
    public static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
