package import Canon

/// A mistake in an expression, with its offset in characters.
package struct ExpressionError: Error, Equatable, CustomStringConvertible {
    /// Where, counted from 0.
    package let offset: Int
    /// What was found.
    package let message: String
    /// What is allowed.
    package let notes: [String]
    /// The name that nothing has; `nil` where the mistake is another.
    package var unknownName: String? = nil
    /// Whether a value that was needed is `null`: not a mistake of the expression, but a gap in the data.
    package var isMissingValue = false

    /// Names a mistake.
    package init(
        offset: Int, message: String, notes: [String], unknownName: String? = nil,
        isMissingValue: Bool = false
    ) {
        (self.offset, self.message, self.notes) = (offset, message, notes)
        (self.unknownName, self.isMissingValue) = (unknownName, isMissingValue)
    }

    /// The mistake, its place and what is allowed, in one line.
    package var description: String {
        "\(message) at character \(offset + 1)" + notes.map { "; \($0)" }.joined()
    }
}

/// An expression over axes and constants: arithmetic, comparison, a few functions.
package indirect enum Expression: Sendable {
    case literal(JSON)
    /// A name, then the members of its value that lead to the one that is meant.
    case path(String, [Member], offset: Int)
    case call(String, [Expression], offset: Int)
    case unary(String, Expression, offset: Int)
    case binary(String, Expression, Expression, offset: Int)
    /// Operators of one precedence from left to right: flat, so that a long sum needs no deep stack.
    case chain(Expression, [Link])

    /// A member of a mapping, by its name.
    package struct Member: Sendable {
        /// The name.
        package let name: String
        /// Where it stands, in characters from 0.
        package let offset: Int
    }

    /// An operator with what stands to the right of it.
    package struct Link: Sendable {
        /// The operator.
        package let symbol: String
        /// What stands to the right of it.
        package let operand: Expression
        /// Where the operator stands, in characters from 0.
        package let offset: Int
    }

    /// The functions, and how many arguments each takes.
    package static let functions: [String: ClosedRange<Int>] = [
        "min": 1...1000, "max": 1...1000, "round": 1...1, "floor": 1...1, "ceil": 1...1,
        "log2": 1...1, "sqrt": 1...1, "exp": 1...1, "abs": 1...1,
    ]

    /// Reads a whole expression.
    ///
    /// - Parameters:
    ///   - text: the expression.
    ///   - functions: the functions it may call; those beyond ``functions`` are for a reader of its own, and
    ///     have no ``value(_:)``.
    /// - Returns: The expression.
    /// - Throws: ``ExpressionError`` with the place of the mistake.
    package static func parse(
        _ text: String, functions: [String: ClosedRange<Int>] = Expression.functions
    ) throws(ExpressionError) -> Expression {
        try ExpressionParser.parse(text, functions)
    }

    /// The value where the names have these values.
    package func value(_ names: [String: JSON]) throws(ExpressionError) -> JSON {
        switch self {
        case .literal(let value): return value
        case .path(let name, let members, let offset):
            return try Expression.value(of: name, members, offset, in: names)
        case .call(let name, let arguments, let offset):
            var numbers: [Double] = []
            for argument in arguments { numbers.append(try argument.number(names, offset)) }
            return try finite(Expression.apply(name, numbers), offset, "\(name)(…)")
        case .unary("not", let operand, let offset):
            return .bool(try !operand.truth(names, offset))
        case .unary(_, let operand, let offset):
            return .number(-(try operand.number(names, offset)))
        case .binary(let symbol, let left, let right, let offset):
            switch symbol {
            case "==": return .bool(try left.value(names) == right.value(names))
            case "!=": return .bool(try left.value(names) != right.value(names))
            default:
                return try combined(
                    symbol, try left.number(names, offset), try right.number(names, offset), offset)
            }
        case .chain(let first, let links): return try chained(first, links, names)
        }
    }

    private static func value(
        of name: String, _ members: [Member], _ offset: Int, in names: [String: JSON]
    ) throws(ExpressionError) -> JSON {
        guard var value = names[name] else {
            throw ExpressionError(
                offset: offset, message: "unknown name `\(name)`",
                notes: notes(forUnknown: name, allowed: Array(names.keys)), unknownName: name)
        }
        for member in members {
            if let elements = value.elements {
                guard let place = Int(member.name), elements.indices.contains(place) else {
                    throw ExpressionError(
                        offset: member.offset,
                        message: "`.\(member.name)` of a list of \(elements.count)",
                        notes: ["elements are counted from 0"])
                }
                value = elements[place]
                continue
            }
            guard let inner = value.members else {
                throw ExpressionError(
                    offset: member.offset,
                    message: "`.\(member.name)` of a value that is not a mapping",
                    notes: ["only an axis or constant whose value is a mapping has members"],
                    isMissingValue: value == .null)
            }
            guard let next = inner[member.name] else {
                var advice = notes(forUnknown: member.name, allowed: Array(inner.keys))
                if let whole = inner.keys.sorted().first(where: { $0.hasPrefix(member.name + "-") })
                {
                    advice.append("`-` is subtraction here: write .\"\(whole)\"")
                }
                throw ExpressionError(
                    offset: member.offset, message: "unknown member `\(member.name)`", notes: advice
                )
            }
            value = next
        }
        return value
    }

    /// What a chain of one precedence gives; `and` and `or` look no further than they need.
    private func chained(_ first: Expression, _ links: [Link], _ names: [String: JSON])
        throws(ExpressionError) -> JSON
    {
        guard let start = links.first else { return try first.value(names) }
        if start.symbol == "and" || start.symbol == "or" {
            let ends = start.symbol == "or"
            if try first.truth(names, start.offset) == ends { return .bool(ends) }
            for link in links where try link.operand.truth(names, link.offset) == ends {
                return .bool(ends)
            }
            return .bool(!ends)
        }
        var result = try first.value(names)
        for link in links {
            result = try combined(
                link.symbol, try Expression.number(result, link.offset),
                try link.operand.number(names, link.offset), link.offset)
        }
        return result
    }

    private func combined(_ symbol: String, _ a: Double, _ b: Double, _ offset: Int)
        throws(ExpressionError) -> JSON
    {
        switch symbol {
        case "<": return .bool(a < b)
        case "<=": return .bool(a <= b)
        case ">": return .bool(a > b)
        case ">=": return .bool(a >= b)
        case "+": return try finite(a + b, offset, "+")
        case "-": return try finite(a - b, offset, "-")
        case "*": return try finite(a * b, offset, "*")
        case "/":
            guard b != 0 else {
                throw ExpressionError(offset: offset, message: "division by zero", notes: [])
            }
            return try finite(a / b, offset, "/")
        default: return try finite(DeterministicMath.power(a, b), offset, "^")
        }
    }

    private static func apply(_ name: String, _ numbers: [Double]) -> Double? {
        let x = numbers[0]
        switch name {
        case "min": return numbers.min()
        case "max": return numbers.max()
        case "round": return x.rounded()
        case "floor": return x.rounded(.down)
        case "ceil": return x.rounded(.up)
        case "log2": return x > 0 ? DeterministicMath.log2(x) : nil
        case "sqrt": return x >= 0 ? x.squareRoot() : nil
        case "exp": return DeterministicMath.exp(x)
        default: return x.magnitude
        }
    }

    private func finite(_ value: Double?, _ offset: Int, _ what: String) throws(ExpressionError)
        -> JSON
    {
        guard let value, value.isFinite else {
            throw ExpressionError(
                offset: offset, message: "`\(what)` has no finite value", notes: [])
        }
        return .number(value)
    }

    private func number(_ names: [String: JSON], _ offset: Int) throws(ExpressionError) -> Double {
        try Expression.number(try value(names), offset)
    }

    private static func number(_ value: JSON, _ offset: Int) throws(ExpressionError) -> Double {
        guard let number = value.double else {
            throw ExpressionError(
                offset: offset, message: "expected a number, found \(value.canonicalText)",
                notes: [], isMissingValue: value == .null)
        }
        return number
    }

    private func truth(_ names: [String: JSON], _ offset: Int) throws(ExpressionError) -> Bool {
        let value = try value(names)
        guard let truth = value.bool else {
            throw ExpressionError(
                offset: offset, message: "expected true or false, found \(value.canonicalText)",
                notes: [], isMissingValue: value == .null)
        }
        return truth
    }
}
