import Canon

/// Reads an expression.
///
/// The grammar, loosest first:
///
///     or · and · not · comparison · + − · * / · unary − · ^ (to the right) · call, member, atom
struct ExpressionParser {
    private typealias Token = ExpressionToken

    private let tokens: [Token]
    private let functions: [String: ClosedRange<Int>]
    private var index = 0
    private var depth = 0
    private let end: Int

    /// Reads a whole expression.
    static func parse(
        _ text: String, _ functions: [String: ClosedRange<Int>] = Expression.functions
    ) throws(ExpressionError) -> Expression {
        var parser = try ExpressionParser(text, functions)
        let expression = try parser.disjunction()
        guard parser.index == parser.tokens.count else {
            throw parser.error("expected an operator, found `\(parser.tokens[parser.index].text)`")
        }
        return expression
    }

    private init(
        _ text: String, _ functions: [String: ClosedRange<Int>]
    ) throws(ExpressionError) {
        self.functions = functions
        guard text.utf8.count <= Template.longest else {
            throw ExpressionError(
                offset: 0, message: "an expression of \(text.utf8.count) bytes",
                notes: ["expected: at most \(Template.longest) bytes"])
        }
        let characters = Array(text)
        end = characters.count
        tokens = try ExpressionToken.all(in: characters)
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

    /// Operands of one kind with operators of one precedence between them.
    private mutating func chain(
        _ symbols: Set<String>,
        _ operand: (inout ExpressionParser) throws(ExpressionError) -> Expression
    ) throws(ExpressionError) -> Expression {
        let first = try operand(&self)
        var links: [Expression.Link] = []
        while let token = take(symbols) {
            links.append(
                Expression.Link(
                    symbol: token.text, operand: try operand(&self), offset: token.offset))
        }
        return links.isEmpty ? first : .chain(first, links)
    }

    private mutating func disjunction() throws(ExpressionError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else { throw error("nested deeper than 64 levels") }
        return try chain(["or"]) { parser throws(ExpressionError) in try parser.conjunction() }
    }

    private mutating func conjunction() throws(ExpressionError) -> Expression {
        try chain(["and"]) { parser throws(ExpressionError) in try parser.negation() }
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
        try chain(["+", "-"]) { parser throws(ExpressionError) in try parser.product() }
    }

    private mutating func product() throws(ExpressionError) -> Expression {
        try chain(["*", "/"]) { parser throws(ExpressionError) in try parser.signed() }
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
            return try call(token)
        }
        var members: [Expression.Member] = []
        while take(["."]) != nil { members.append(try member()) }
        return .path(token.text, members, offset: token.offset)
    }

    /// The arguments of a function, after its opening parenthesis.
    private mutating func call(_ name: Token) throws(ExpressionError) -> Expression {
        guard let count = functions[name.text] else {
            throw ExpressionError(
                offset: name.offset, message: "unknown function `\(name.text)`",
                notes: notes(forUnknown: name.text, allowed: Array(functions.keys)))
        }
        var arguments = [try disjunction()]
        while take([","]) != nil { arguments.append(try disjunction()) }
        guard take([")"]) != nil else { throw error("expected `)`") }
        guard count.contains(arguments.count) else {
            let (least, most) = (count.lowerBound, count.upperBound)
            let many = least == most ? "\(most)" : "\(least) to \(most)"
            let expected = most == 1 ? "1 argument" : "\(many) arguments"
            throw ExpressionError(
                offset: name.offset,
                message: "\(name.text) takes \(expected)"
                    + ", found \(arguments.count)", notes: [])
        }
        return .call(name.text, arguments, offset: name.offset)
    }

    /// The name of a member: a word, the place of an element, or a text in quotes for another name.
    private mutating func member() throws(ExpressionError) -> Expression.Member {
        guard index < tokens.count else { throw error("expected a member's name") }
        let token = tokens[index]
        let name: String
        if let quoted = token.value?.text {
            name = quoted
        } else if let first = token.text.first,
            first.isLetter || first == "_" || token.text.allSatisfy({ $0.isASCII && $0.isNumber })
        {
            name = token.text
        } else {
            throw error(
                "expected a member's name, found `\(token.text)`",
                ["a name that is no word stands in quotes: model.\"d-model\""])
        }
        index += 1
        return Expression.Member(name: name, offset: token.offset)
    }
}
