import Canon
import Numerics

/// The arithmetic of expressions over results, value by value.
enum Operator {
    /// What an operator gives; `nil` where a number is missing.
    ///
    /// - Throws: ``ResultError`` for values that do not fit.
    static func apply(_ symbol: String, _ a: JSON, _ b: JSON, _ offset: Int)
        throws(ResultError) -> JSON?
    {
        switch symbol {
        case "==", "!=": return .bool(same(a, b) == (symbol == "=="))
        case "and", "or":
            let (one, other) = (try truth(a, offset), try truth(b, offset))
            return .bool(symbol == "and" ? one && other : one || other)
        default: break
        }
        if a == .null || b == .null { return nil }
        let (x, y) = (try number(a, offset), try number(b, offset))
        switch symbol {
        case "<": return .bool(x < y)
        case "<=": return .bool(x <= y)
        case ">": return .bool(x > y)
        case ">=": return .bool(x >= y)
        case "+": return finite(x + y)
        case "-": return finite(x - y)
        case "*": return finite(x * y)
        case "/": return finite(x / y)
        default: return finite(power(x, y))
        }
    }

    /// A value with a name, such as a point of an axis, is the same as its name.
    private static func same(_ a: JSON, _ b: JSON) -> Bool {
        a == b || (a["name"] ?? a) == (b["name"] ?? b)
    }

    /// A whole power by its products, any other of a positive number by its logarithm.
    private static func power(_ x: Double, _ y: Double) -> Double {
        guard y == y.rounded(), y.magnitude <= 64 else {
            return x > 0 ? Elementary.power(x, y) : .nan
        }
        var product = 1.0
        for _ in 0..<Int(y.magnitude) { product *= x }
        return y < 0 ? 1 / product : product
    }

    /// A number; `nil` for what has none.
    static func finite(_ value: Double) -> JSON? { value.isFinite ? .number(value) : nil }

    /// The number of a value.
    static func number(_ value: JSON, _ offset: Int) throws(ResultError) -> Double {
        guard let number = value.double else {
            throw ResultError(
                "expected a number, found \(String(value.canonicalText.prefix(60)))", at: offset)
        }
        return number
    }

    /// The truth of a value.
    static func truth(_ value: JSON, _ offset: Int) throws(ResultError) -> Bool {
        guard let truth = value.bool else {
            throw ResultError(
                "expected true or false, found \(String(value.canonicalText.prefix(60)))",
                at: offset)
        }
        return truth
    }
}
