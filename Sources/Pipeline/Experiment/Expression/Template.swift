import Canon

/// A text with `${…}` in it; `$${` stands for `${` itself.
struct Template: Sendable {
    enum Piece: Sendable {
        case text(String)
        case expression(Expression, offset: Int)
    }

    /// The longest text that has an expression in it, and the longest that comes out of one: in bytes.
    static let longest = 1 << 20
    /// What to write for a `${` that is meant for somebody else, such as a shell.
    private static let escape = "to pass `${` on as it is, write `$${`"

    let pieces: [Piece]

    /// Whether a text has to be read as a template.
    static func isNeeded(_ text: String) -> Bool {
        let (dollar, brace) = (UInt8(ascii: "$"), UInt8(ascii: "{"))
        return zip(text.utf8, text.utf8.dropFirst()).contains { $0 == dollar && $1 == brace }
    }

    /// Finds the expressions in a text; `nil` where there is neither an expression nor an escape.
    static func parse(_ text: String) throws(ExpressionError) -> Template? {
        guard isNeeded(text) else { return nil }
        guard text.utf8.count <= longest else {
            throw ExpressionError(
                offset: 0, message: "a text of \(text.utf8.count) bytes with `${…}` in it",
                notes: ["expected: at most \(longest) bytes"])
        }
        var pieces: [Piece] = []
        let characters = Array(text)
        var at = 0
        var plain = ""
        while at < characters.count {
            if characters[at...].starts(with: "$${") {
                plain += "${"
                at += 3
                continue
            }
            guard characters[at...].starts(with: "${") else {
                plain.append(characters[at])
                at += 1
                continue
            }
            guard let end = end(of: characters, from: at + 2) else {
                throw ExpressionError(
                    offset: at, message: "`${` without its `}`", notes: ["expected: `}`", escape])
            }
            if !plain.isEmpty { pieces.append(.text(plain)) }
            plain = ""
            let start = at + 2
            do {
                let inner = String(characters[start..<end])
                pieces.append(.expression(try ExpressionParser.parse(inner), offset: start))
            } catch { throw moved(error, by: start) }
            at = end + 1
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return Template(pieces: pieces)
    }

    /// Where an expression ends: at the first `}` outside quotes, or at the first at all where a quote is
    /// left open.
    private static func end(of characters: [Character], from start: Int) -> Int? {
        closingBrace(in: characters, from: start)
            ?? characters[start...].firstIndex(of: "}")
    }

    /// The value: a lone expression keeps its type, and a lone name its writing; anything else is text.
    func value(_ names: Names) throws(ExpressionError) -> Value {
        if pieces.count == 1, case .expression(let expression, let offset) = pieces[0] {
            return try evaluate(expression, offset, names)
        }
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .expression(let expression, let offset):
                text += try self.text(of: expression, offset, names)
                guard text.utf8.count <= Template.longest else {
                    throw ExpressionError(
                        offset: offset, message: "a text of more than \(Template.longest) bytes",
                        notes: [
                            "expected: at most \(Template.longest) bytes with all values put in"
                        ])
                }
            }
        }
        return .scalar(.string(text), written: nil)
    }

    /// What an expression of the template puts into a text.
    func text(of expression: Expression, _ offset: Int, _ names: Names) throws(ExpressionError)
        -> String
    {
        try evaluate(expression, offset, names).inText
    }

    /// Looks whether every name of an expression is known, whatever its value.
    ///
    /// - Throws: the mistake at its place in the whole text.
    func check(_ expression: Expression, _ offset: Int, _ names: Names) throws(ExpressionError) {
        do {
            for named in expression.names {
                _ = try Expression.path(named.name, [], offset: named.offset).value(names.json)
            }
        } catch { throw Template.moved(error, by: offset) }
    }

    private func evaluate(_ expression: Expression, _ offset: Int, _ names: Names)
        throws(ExpressionError) -> Value
    {
        do {
            let value = try expression.value(names.json)
            guard case .path(let name, let members, _) = expression else { return Value(value) }
            var written = names[name]
            for member in members {
                guard case .mapping(let inner) = written else { return Value(value) }
                written = inner[member.name]
            }
            return written ?? Value(value)
        } catch { throw Template.moved(error, by: offset) }
    }

    /// The mistake at its place in the whole text, with what to write where no expression was meant.
    private static func moved(_ error: ExpressionError, by offset: Int) -> ExpressionError {
        let isMistyped = error.notes.contains { $0.hasPrefix("did you mean") }
        return ExpressionError(
            offset: offset + error.offset, message: error.message,
            notes: error.notes + (isMistyped ? [] : [escape]), unknownName: error.unknownName)
    }
}
