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

    /// The mistake, its place and what is allowed, in one line.
    package var description: String {
        "\(message) at character \(offset + 1)" + notes.map { "; \($0)" }.joined()
    }
}

/// An expression over axes and constants: arithmetic, comparison, a few functions.
package indirect enum Expression: Sendable {
    case literal(JSON)
    case name(String, offset: Int)
    case member(Expression, String, offset: Int)
    case call(String, [Expression], offset: Int)
    case unary(String, Expression, offset: Int)
    case binary(String, Expression, Expression, offset: Int)

    /// The functions, and how many arguments each takes.
    static let functions: [String: ClosedRange<Int>] = [
        "min": 1...64, "max": 1...64, "round": 1...1, "floor": 1...1, "ceil": 1...1,
        "log2": 1...1, "sqrt": 1...1, "exp": 1...1, "abs": 1...1,
    ]

    /// Reads a whole expression.
    package static func parse(_ text: String) throws(ExpressionError) -> Expression {
        try ExpressionParser.parse(text)
    }

    /// The value where the names have these values.
    package func value(_ names: [String: JSON]) throws(ExpressionError) -> JSON {
        switch self {
        case .literal(let value): return value
        case .name(let name, let offset):
            guard let value = names[name] else {
                throw ExpressionError(
                    offset: offset, message: "unknown name `\(name)`",
                    notes: notes(forUnknown: name, allowed: Array(names.keys)), unknownName: name)
            }
            return value
        case .member(let base, let name, let offset):
            guard let members = try base.value(names).members else {
                throw ExpressionError(
                    offset: offset, message: "`.\(name)` of a value that is not a mapping",
                    notes: ["only an axis or constant whose value is a mapping has members"])
            }
            guard let value = members[name] else {
                throw ExpressionError(
                    offset: offset, message: "unknown member `\(name)`",
                    notes: notes(forUnknown: name, allowed: Array(members.keys)))
            }
            return value
        case .call(let name, let arguments, let offset):
            var numbers: [Double] = []
            for argument in arguments { numbers.append(try argument.number(names, offset)) }
            return try finite(Expression.apply(name, numbers), offset, "\(name)(…)")
        case .unary("not", let operand, let offset):
            return .bool(try !operand.truth(names, offset))
        case .unary(_, let operand, let offset):
            return .number(-(try operand.number(names, offset)))
        case .binary(let symbol, let left, let right, let offset):
            return try binary(symbol, left, right, offset, names)
        }
    }

    private func binary(
        _ symbol: String, _ left: Expression, _ right: Expression, _ offset: Int,
        _ names: [String: JSON]
    ) throws(ExpressionError) -> JSON {
        switch symbol {
        case "and":
            guard try left.truth(names, offset) else { return false }
            return .bool(try right.truth(names, offset))
        case "or":
            if try left.truth(names, offset) { return true }
            return .bool(try right.truth(names, offset))
        case "==": return .bool(try left.value(names) == right.value(names))
        case "!=": return .bool(try left.value(names) != right.value(names))
        default: break
        }
        let (a, b) = (try left.number(names, offset), try right.number(names, offset))
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
        let value = try value(names)
        guard let number = value.double else {
            throw ExpressionError(
                offset: offset, message: "expected a number, found \(value.canonicalText)",
                notes: [])
        }
        return number
    }

    private func truth(_ names: [String: JSON], _ offset: Int) throws(ExpressionError) -> Bool {
        let value = try value(names)
        guard let truth = value.bool else {
            throw ExpressionError(
                offset: offset, message: "expected true or false, found \(value.canonicalText)",
                notes: [])
        }
        return truth
    }
}
