import Canon

/// A column of a placed table, as it was written: `"exponent" = law.alpha | 2 decimals`.
struct TableColumn {
    /// What stands over it.
    let title: String
    /// The name of an axis, a column or a member; or an expression.
    let source: Placing.Part
    let format: ResultFormat

    /// Names a column that is shown as it is.
    init(_ name: String) {
        title = name
        source = Placing.Part(text: name, offset: 0)
        format = .given
    }

    /// Reads a column.
    ///
    /// - Throws: ``ResultError`` for an unknown format.
    init(_ part: Placing.Part) throws(ResultError) {
        var (text, offset) = (Array(part.text), part.offset)
        var title: String?
        if let equals = Placing.equals(in: text) {
            let name = Placing.split(Array(text[..<equals]), at: offset, "\u{0}")[0]
            title = Placing.unquoted(name).text
            text = Array(text[(equals + 1)...])
            offset += equals + 1
        }
        let (source, format) = try TableColumn.formatted(
            Placing.split(text, at: offset, "\u{0}")[0])
        self.title = title ?? source.text
        self.source = source
        self.format = format
    }

    /// A source and the format behind its `|`.
    ///
    /// - Throws: ``ResultError`` for an unknown format.
    static func formatted(_ part: Placing.Part) throws(ResultError) -> (Placing.Part, ResultFormat)
    {
        let parts = Placing.split(Array(part.text), at: part.offset, "|")
        guard parts.count > 1, let last = parts.last else { return (part, .given) }
        guard parts.count == 2, let format = ResultFormat(last.text) else {
            throw ResultError(
                "unknown format `\(last.text)`", at: last.offset,
                ["expected: \(ResultFormat.allowed)"])
        }
        return (parts[0], format)
    }
}
