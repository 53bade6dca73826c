import Canon

/// A text with `${…}` in it, or no expression at all.
struct Template: Sendable {
    enum Piece: Sendable {
        case text(String)
        case expression(Expression, offset: Int)
    }

    let pieces: [Piece]

    /// Finds the expressions in a text; `nil` where there is none.
    static func parse(_ text: String) throws(ExpressionError) -> Template? {
        guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${") else { return nil }
        var pieces: [Piece] = []
        let characters = Array(text)
        var at = 0
        var plain = ""
        while at < characters.count {
            guard characters[at] == "$", at + 1 < characters.count, characters[at + 1] == "{" else {
                plain.append(characters[at])
                at += 1
                continue
            }
            guard let end = characters[at...].firstIndex(of: "}") else {
                throw ExpressionError(
                    offset: at, message: "`${` without its `}`", notes: ["expected: `}`"])
            }
            if !plain.isEmpty { pieces.append(.text(plain)) }
            plain = ""
            let start = at + 2
            do {
                let inner = String(characters[start..<end])
                pieces.append(.expression(try ExpressionParser.parse(inner), offset: start))
            } catch {
                throw ExpressionError(
                    offset: start + error.offset, message: error.message, notes: error.notes)
            }
            at = end + 1
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return Template(pieces: pieces)
    }

    /// The value: a lone expression keeps its type, anything else is text.
    func value(_ names: [String: JSON]) throws(ExpressionError) -> JSON {
        if pieces.count == 1, case .expression(let expression, let offset) = pieces[0] {
            return try evaluate(expression, offset, names)
        }
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .expression(let expression, let offset):
                let value = try evaluate(expression, offset, names)
                text += value.text ?? value.canonicalText
            }
        }
        return .string(text)
    }

    private func evaluate(_ expression: Expression, _ offset: Int, _ names: [String: JSON])
        throws(ExpressionError) -> JSON
    {
        do { return try expression.value(names) } catch {
            throw ExpressionError(
                offset: offset + error.offset, message: error.message, notes: error.notes,
                unknownName: error.unknownName)
        }
    }
}
