import Canon

/// What the values of an axis are called in the names of actions: short, and no two alike.
///
/// A text is called by itself where that is a safe name that YAML reads as a text; anything else is called by
/// its canonical JSON: `1` is `1`, and `"1"` is `"1"`. A mapping is called by its `name`, if it has one.
struct AxisLabels {
    /// The most bytes of a label; what is longer ends in a digest.
    static let mostBytes = 160

    /// One label a value, in their order.
    let texts: [String]
    /// A label that two values have, because their author named both so.
    let clash: String?

    /// Names the values of one axis.
    init(_ values: [JSON]) {
        var texts = values.map(AxisLabels.label)
        if Set(texts).count == texts.count {
            (self.texts, clash) = (texts, nil)
            return
        }
        // Swift, and a reader, take two forms of `é` for one: where both are there, they are spelled out.
        var forms: [String: Set<ExactText>] = [:]
        for text in texts { forms[text, default: []].insert(ExactText(text)) }
        texts = texts.map { (forms[$0]?.count ?? 0) > 1 ? AxisLabels.spelled($0) : $0 }
        var seen: Set<String> = []
        clash = texts.first { !seen.insert($0).inserted }
        self.texts = texts
    }

    private static func label(_ value: JSON) -> String {
        let value = value["name"] ?? value
        if let text = value.text, isSafeName(text), !readsAsScalar(text) { return text }
        let text = value.canonicalText
        if text.utf8.count <= mostBytes { return text }
        // What is whole ends in a quotation mark or a bracket, never so.
        return "\(beginning(of: text))~\(Digest(of: Array(text.utf8).span).hex.prefix(16))"
    }

    private static func beginning(of text: String) -> String {
        var start = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(60) { start.append(scalar) }
        return String(start)
    }

    /// Whether YAML reads a plain text as a number, a truth value or nothing.
    private static func readsAsScalar(_ text: String) -> Bool {
        if ["true", "false", "null"].contains(text.lowercased()) { return true }
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = unsigned.first, first == "." || "0"..."9" ~= first else { return false }
        return Double(text) != nil
            || unsigned.hasPrefix("0o") && unsigned.dropFirst(2).allSatisfy { "0"..."7" ~= $0 }
    }

    /// The text with every letter beyond ASCII as the escape that JSON has for it.
    private static func spelled(_ text: String) -> String {
        var spelled = ""
        for unit in text.utf16 {
            if unit < 0x80 {
                spelled.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                spelled += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return spelled
    }
}
