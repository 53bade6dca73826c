import Canon

/// A value as it stands in a part of a sweep.
enum WrittenValue {
    /// `*`: every value.
    case any
    /// Text without quotes: a number, truth value or `null` where there is such a value, else text.
    case bare(String)
    /// Text in quotes: never a number.
    case quoted(String)
    /// A mapping or a list, as JSON.
    case structure(JSON)

    /// As it may be shown.
    var text: String {
        switch self {
        case .any: "*"
        case .bare(let text): text
        case .quoted(let text): JSON.string(text).canonicalText
        case .structure(let value): value.canonicalText
        }
    }

    /// The number that is written, if one is.
    var number: Double? {
        guard case .bare(let text) = self else { return nil }
        let digits = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        guard digits, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Those of some values that are meant.
    ///
    /// Numbers compare as numbers, texts by their bytes. A mapping may be meant by its `name`, as in the
    /// names of actions, and a long value by its label there, which ends in a digest.
    func meant(among values: [JSON], labels: [ExactText: JSON]) -> [JSON] {
        switch self {
        case .any: return values
        case .structure(let value):
            let wanted = value.canonical()
            return values.filter { $0.canonical() == wanted }
        case .quoted(let text): return WrittenValue.named(text, among: values)
        case .bare(let text):
            let typed: JSON? = number.map { .number($0) } ?? WrittenValue.words[text]
            if let wanted = typed?.canonical() {
                let found = values.filter { ($0["name"] ?? $0).canonical() == wanted }
                if !found.isEmpty { return found }
            }
            let found = WrittenValue.named(text, among: values)
            return found.isEmpty ? labels[ExactText(text)].map { [$0] } ?? [] : found
        }
    }

    private static let words: [String: JSON] = ["true": true, "false": false, "null": .null]

    private static func named(_ text: String, among values: [JSON]) -> [JSON] {
        values.filter { ($0["name"] ?? $0).text?.isSameText(as: text) ?? false }
    }
}
