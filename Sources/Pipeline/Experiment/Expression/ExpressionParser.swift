import Canon

/// Reads an expression.
///
/// The grammar, loosest first:
///
///     or · and · not · comparison · + − · * / · unary − · ^ (to the right) · call, member, atom
struct ExpressionParser {
    private struct Token {
        let text: String
        let value: JSON?
        let offset: Int
    }

    private var tokens: [Token] = []
    private var index = 0
    private var depth = 0
    private let end: Int

    /// Reads a whole expression.
    static func parse(_ text: String) throws(ExpressionError) -> Expression {
        var parser = try ExpressionParser(text)
        let expression = try parser.disjunction()
        guard parser.index == parser.tokens.count else {
            throw parser.error("expected an operator, found `\(parser.tokens[parser.index].text)`")
        }
        return expression
    }

    private init(_ text: String) throws(ExpressionError) {
        let characters = Array(text)
        end = characters.count
        var at = 0
        while at < characters.count {
            let start = at
            let first = characters[at]
            if first.isWhitespace {
                at += 1
            } else if first.isASCII && first.isNumber {
                while at < characters.count,
                    characters[at].isASCII && (characters[at].isNumber || characters[at].isLetter)
                        || characters[at] == "."
                        || "+-".contains(characters[at]) && "eE".contains(characters[at - 1])
                {
                    at += 1
                }
                let word = String(characters[start..<at])
                guard let number = Double(word), number.isFinite else {
                    throw ExpressionError(
                        offset: start, message: "`\(word)` is not a number", notes: [])
                }
                tokens.append(Token(text: word, value: .number(number), offset: start))
            } else if first.isLetter || first == "_" {
                while at < characters.count,
                    characters[at].isLetter || characters[at].isNumber || characters[at] == "_"
                {
                    at += 1
                }
                let word = String(characters[start..<at])
                let value: JSON? = word == "true" ? true : word == "false" ? false : nil
                tokens.append(Token(text: word, value: value, offset: start))
            } else if first == "'" || first == "\"" {
                at += 1
                while at < characters.count, characters[at] != first { at += 1 }
                guard at < characters.count else {
                    throw ExpressionError(
                        offset: start, message: "the text does not end",
                        notes: ["expected: \(first)"])
                }
                at += 1
                tokens.append(
                    Token(
                        text: String(characters[start..<at]),
                        value: .string(String(characters[(start + 1)..<(at - 1)])), offset: start))
            } else {
                let pair = at + 1 < characters.count ? String(characters[at...(at + 1)]) : ""
                let symbol = ["==", "!=", "<=", ">="].contains(pair) ? pair : String(first)
                let plain = ["×": "*", "÷": "/", "−": "-"][symbol] ?? symbol
                guard "+-*/^(),.<>".contains(plain) || plain.count == 2 else {
                    throw ExpressionError(
                        offset: start, message: "unknown symbol `\(symbol)`",
                        notes: ["expected: + - * / ^ ( ) , . == != < <= > >= and or not"])
                }
                at += symbol.count
                tokens.append(Token(text: plain, value: nil, offset: start))
            }
        }
    }

    private func error(_ message: String, _ notes: [String] = []) -> ExpressionError {
        let offset = index < tokens.count ? tokens[index].offset : end
        return ExpressionError(offset: offset, message: message, notes: notes)
    }

    private mutating func take(_ words: Set<String>) -> Token? {
        guard index < tokens.count, tokens[index].value == nil, words.contains(tokens[index].text)
        else { return nil }
        index += 1
        return tokens[index - 1]
    }

    private mutating func disjunction() throws(ExpressionError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else { throw error("nested deeper than 64 levels") }
        var left = try conjunction()
        while let token = take(["or"]) {
            left = .binary("or", left, try conjunction(), offset: token.offset)
        }
        return left
    }

    private mutating func conjunction() throws(ExpressionError) -> Expression {
        var left = try negation()
        while let token = take(["and"]) {
            left = .binary("and", left, try negation(), offset: token.offset)
        }
        return left
    }

    private mutating func negation() throws(ExpressionError) -> Expression {
        if let token = take(["not"]) {
            return .unary("not", try comparison(), offset: token.offset)
        }
        return try comparison()
    }

    private mutating func comparison() throws(ExpressionError) -> Expression {
        let left = try sum()
        if let token = take(["==", "!=", "<", "<=", ">", ">="]) {
            return .binary(token.text, left, try sum(), offset: token.offset)
        }
        return left
    }

    private mutating func sum() throws(ExpressionError) -> Expression {
        var left = try product()
        while let token = take(["+", "-"]) {
            left = .binary(token.text, left, try product(), offset: token.offset)
        }
        return left
    }

    private mutating func product() throws(ExpressionError) -> Expression {
        var left = try signed()
        while let token = take(["*", "/"]) {
            left = .binary(token.text, left, try signed(), offset: token.offset)
        }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> Expression {
        if let token = take(["-"]) {
            return .unary("-", try power(), offset: token.offset)
        }
        return try power()
    }

    private mutating func power() throws(ExpressionError) -> Expression {
        let base = try atom()
        if let token = take(["^"]) {
            depth += 1
            defer { depth -= 1 }
            guard depth < 64 else { throw error("nested deeper than 64 levels") }
            return .binary("^", base, try signed(), offset: token.offset)
        }
        return base
    }

    private mutating func atom() throws(ExpressionError) -> Expression {
        guard index < tokens.count else { throw error("the expression ends too early") }
        let token = tokens[index]
        if take(["("]) != nil {
            let inner = try disjunction()
            guard take([")"]) != nil else { throw error("expected `)`") }
            return inner
        }
        if let value = token.value {
            index += 1
            return .literal(value)
        }
        guard let first = token.text.first, first.isLetter || first == "_" else {
            throw error("expected a value, found `\(token.text)`")
        }
        index += 1
        if take(["("]) != nil {
            guard let count = Expression.functions[token.text] else {
                throw ExpressionError(
                    offset: token.offset, message: "unknown function `\(token.text)`",
                    notes: notes(forUnknown: token.text, allowed: Array(Expression.functions.keys)))
            }
            var arguments = [try disjunction()]
            while take([","]) != nil { arguments.append(try disjunction()) }
            guard take([")"]) != nil else { throw error("expected `)`") }
            guard count.contains(arguments.count) else {
                throw ExpressionError(
                    offset: token.offset,
                    message: "\(token.text) takes \(count.lowerBound) argument, found "
                        + "\(arguments.count)", notes: [])
            }
            return .call(token.text, arguments, offset: token.offset)
        }
        var result = Expression.name(token.text, offset: token.offset)
        while take(["."]) != nil {
            guard index < tokens.count else { throw error("expected a member's name") }
            let member = tokens[index]
            index += 1
            result = .member(result, member.text, offset: member.offset)
        }
        return result
    }
}
