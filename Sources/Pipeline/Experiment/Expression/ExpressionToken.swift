import Canon

/// A word, number, text or symbol of an expression.
struct ExpressionToken {
    /// As it is written.
    let text: String
    /// What a number, a text in quotes, `true` or `false` is; `nil` for a word or symbol.
    let value: JSON?
    /// Where it begins, counted in characters from 0.
    let offset: Int

    /// The tokens of an expression.
    static func all(in characters: [Character]) throws(ExpressionError) -> [ExpressionToken] {
        var tokens: [ExpressionToken] = []
        var at = 0
        while at < characters.count {
            if characters[at].isWhitespace {
                at += 1
                continue
            }
            let (token, end) = try next(in: characters, at, after: tokens.last)
            tokens.append(token)
            at = end
        }
        return tokens
    }

    private static func next(
        in characters: [Character], _ start: Int, after last: ExpressionToken?
    ) throws(ExpressionError) -> (ExpressionToken, end: Int) {
        let first = characters[start]
        if isDigit(first) || first == "." && beginsNumber(characters, start, after: last) {
            return try number(in: characters, start)
        }
        if first.isLetter || first == "_" {
            var end = start
            while end < characters.count,
                characters[end].isLetter || characters[end].isNumber || characters[end] == "_"
            {
                end += 1
            }
            let word = String(characters[start..<end])
            let value: JSON? = word == "true" ? true : word == "false" ? false : nil
            return (ExpressionToken(text: word, value: value, offset: start), end)
        }
        if first == "'" || first == "\"" {
            guard let close = characters[(start + 1)...].firstIndex(of: first) else {
                throw ExpressionError(
                    offset: start, message: "the text does not end", notes: ["expected: \(first)"])
            }
            let value = JSON.string(String(characters[(start + 1)..<close]))
            return (
                ExpressionToken(
                    text: String(characters[start...close]), value: value, offset: start), close + 1
            )
        }
        return try symbol(in: characters, start)
    }

    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isNumber
    }

    /// Whether a point begins a number, such as `.5`, and is not one before a member.
    private static func beginsNumber(
        _ characters: [Character], _ at: Int, after last: ExpressionToken?
    ) -> Bool {
        guard at + 1 < characters.count, isDigit(characters[at + 1]) else { return false }
        guard let last else { return true }
        return last.value == nil && "+-*/^(,<>=!".contains(last.text.last ?? " ")
            || ["and", "or", "not"].contains(last.text)
    }

    private static func number(in characters: [Character], _ start: Int) throws(ExpressionError)
        -> (ExpressionToken, end: Int)
    {
        var end = start
        while end < characters.count,
            characters[end].isASCII && (characters[end].isNumber || characters[end].isLetter)
                || characters[end] == "."
                || end > start && "+-".contains(characters[end])
                    && "eE".contains(characters[end - 1])
        {
            end += 1
        }
        let word = String(characters[start..<end])
        switch PlainScalar.number(word) {
        case .scalar(let number, _):
            return (ExpressionToken(text: word, value: number, offset: start), end)
        case .unfit(_, let why):
            throw ExpressionError(
                offset: start, message: "`\(word)`, \(why.text)", notes: [why.advice])
        default:
            throw ExpressionError(offset: start, message: "`\(word)` is not a number", notes: [])
        }
    }

    private static let expected = "expected: + - * / ^ ( ) , . == != < <= > >= and or not"

    private static func symbol(in characters: [Character], _ start: Int) throws(ExpressionError)
        -> (ExpressionToken, end: Int)
    {
        let pair =
            start + 1 < characters.count ? String(characters[start...(start + 1)]) : ""
        let symbol = ["==", "!=", "<=", ">="].contains(pair) ? pair : String(characters[start])
        let foreign = [
            "=": "==", "**": "^", "&&": "and", "||": "or", "!": "not", "&": "and", "|": "or",
        ]
        if let ours = foreign[pair] ?? foreign[symbol] {
            let found = foreign[pair] == nil ? symbol : pair
            throw ExpressionError(
                offset: start, message: "unknown symbol `\(found)`",
                notes: ["write \(ours) for `\(found)`", ExpressionToken.expected])
        }
        let plain = ["×": "*", "÷": "/", "−": "-"][symbol] ?? symbol
        guard "+-*/^(),.<>".contains(plain) || plain.count == 2 else {
            throw ExpressionError(
                offset: start, message: "unknown symbol `\(symbol)`",
                notes: [ExpressionToken.expected])
        }
        return (ExpressionToken(text: plain, value: nil, offset: start), start + symbol.count)
    }
}
