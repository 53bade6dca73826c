/// A law as an expression over columns of the points and parameters.
///
/// It is what a text such as `E + A / N^alpha` is read as. ``FormulaTape`` evaluates it.
package indirect enum Formula: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A column of the points, by its place.
    case input(Int)
    /// A parameter, by its place.
    case parameter(Int)
    /// A function of one value.
    case apply(Function, Formula)
    /// An operation on two values.
    case combine(Operation, Formula, Formula)
    /// The second where the first is true, else the third.
    case choose(Formula, Formula, Formula)

    /// A function of one value.
    package enum Function: String, Sendable, CaseIterable {
        /// −x, eˣ, the natural logarithm, √x.
        case negate, exp, log, sqrt
        /// 1/(1 + e⁻ˣ), the hyperbolic tangent, |x|, 1 where x is 0 and 0 elsewhere.
        case logistic, tanh, abs, not
    }

    /// An operation on two values.
    package enum Operation: String, Sendable {
        /// Arithmetic; a power of a number that is no whole one takes a positive base.
        case add, subtract, multiply, divide, power
        /// The lesser and the greater.
        case min, max
        /// Comparisons, 1 where they hold and 0 where not.
        case less, lessEqual, equal
        /// Of truths.
        case and, or
    }

    /// The parts.
    var parts: [Formula] {
        switch self {
        case .number, .input, .parameter: []
        case .apply(_, let one): [one]
        case .combine(_, let left, let right): [left, right]
        case .choose(let condition, let yes, let no): [condition, yes, no]
        }
    }

    /// The same with each part replaced.
    func mapParts(_ change: (Formula) -> Formula) -> Formula {
        switch self {
        case .number, .input, .parameter: self
        case .apply(let function, let one): .apply(function, change(one))
        case .combine(let operation, let left, let right):
            .combine(operation, change(left), change(right))
        case .choose(let condition, let yes, let no):
            .choose(change(condition), change(yes), change(no))
        }
    }

    /// The parameters that it depends on.
    package var parameters: Set<Int> {
        if case .parameter(let place) = self { return [place] }
        return parts.reduce(into: []) { $0.formUnion($1.parameters) }
    }

    /// The columns that it depends on.
    package var inputs: Set<Int> {
        if case .input(let place) = self { return [place] }
        return parts.reduce(into: []) { $0.formUnion($1.inputs) }
    }

    /// The same with parameters replaced.
    package func replacing(_ change: (Int) -> Formula) -> Formula {
        if case .parameter(let place) = self { return change(place) }
        return mapParts { $0.replacing(change) }
    }

    /// The degree of the formula as a polynomial in some parameters: 0, 1, or 2 for anything more.
    func degree(in some: Set<Int>) -> Int {
        switch self {
        case .number, .input: return 0
        case .parameter(let place): return some.contains(place) ? 1 : 0
        case .apply(.negate, let one): return one.degree(in: some)
        case .apply(_, let one): return one.degree(in: some) == 0 ? 0 : 2
        case .combine(let operation, let left, let right):
            let (a, b) = (left.degree(in: some), right.degree(in: some))
            switch operation {
            case .add, .subtract: return Swift.max(a, b)
            case .multiply: return Swift.min(2, a + b)
            case .divide: return b == 0 ? a : 2
            default: return a + b == 0 ? 0 : 2
            }
        case .choose(let condition, let yes, let no):
            if condition.degree(in: some) > 0 { return 2 }
            return Swift.max(yes.degree(in: some), no.degree(in: some))
        }
    }

    /// The value at one point.
    package func value(_ inputs: [Double], _ parameters: [Double]) -> Double {
        switch self {
        case .number(let value): return value
        case .input(let place): return inputs[place]
        case .parameter(let place): return parameters[place]
        case .apply(let function, let one):
            return function.value(one.value(inputs, parameters))
        case .combine(let operation, let left, let right):
            return operation.value(
                left.value(inputs, parameters), right.value(inputs, parameters))
        case .choose(let condition, let yes, let no):
            let isTrue = condition.value(inputs, parameters) != 0
            return (isTrue ? yes : no).value(inputs, parameters)
        }
    }
}

extension Formula.Function {
    /// The function at x.
    func value(_ x: Double) -> Double {
        switch self {
        case .negate: -x
        case .exp: Elementary.exp(x)
        case .log: Elementary.log(x)
        case .sqrt: x.squareRoot()
        case .logistic: Elementary.logistic(x)
        case .tanh: Elementary.tanh(x)
        case .abs: x.magnitude
        case .not: x == 0 ? 1 : 0
        }
    }
}

extension Formula.Operation {
    /// The operation at a and b.
    func value(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: Formula.Operation.power(a, b)
        case .min: Swift.min(a, b)
        case .max: Swift.max(a, b)
        case .less: a < b ? 1 : 0
        case .lessEqual: a <= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .and: a != 0 && b != 0 ? 1 : 0
        case .or: a != 0 || b != 0 ? 1 : 0
        }
    }

    /// aᵇ: by squaring for whole b up to 1024, else e^(b log a), 0 for a = 0 and b > 0.
    static func power(_ a: Double, _ b: Double) -> Double {
        if let whole = Int(exactly: b), whole.magnitude <= 1024 {
            var (result, square, left) = (1.0, a, whole.magnitude)
            while left > 0 {
                if left & 1 == 1 { result *= square }
                square *= square
                left >>= 1
            }
            return whole < 0 ? 1 / result : result
        }
        if a == 0 { return b > 0 ? 0 : b < 0 ? .infinity : .nan }
        return Elementary.exp(b * Elementary.log(a))
    }
}
