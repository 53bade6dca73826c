/// Where a search may look for each nonlinear parameter: what the formula and the points say about its size.
///
/// A parameter that multiplies something goes with the inverse of its spread over the points (an exponent
/// multiplies a logarithm); one that is added to something, or compared with it, goes with its values; one
/// that divides something, or is divided by it, with its size. Anything else is of order one.
struct FormulaRoles {
    /// What is known of a parameter's size.
    enum Range: Equatable {
        /// A magnitude between two, evenly in its logarithm; negative in a share of the draws.
        case magnitude(Double, Double, negative: Double)
        /// A value between two, evenly.
        case value(Double, Double)
    }

    /// The ranges by parameter.
    private(set) var ranges: [Int: Range] = [:]
    private let points: ScaledPoints

    init(_ formula: Formula, _ points: ScaledPoints) {
        self.points = points
        visit(formula, isExponent: false)
    }

    private mutating func visit(_ formula: Formula, isExponent: Bool) {
        switch formula {
        case .combine(.power, let base, let exponent):
            note(product: exponent.factors() + [.apply(.log, base)], isExponent: true)
            visit(base, isExponent: false)
            visit(exponent, isExponent: true)
        case .combine(.multiply, _, _), .combine(.divide, _, _):
            let factors = formula.factors()
            note(product: factors, isExponent: isExponent)
            for one in factors { visit(one.withoutReciprocal, isExponent: isExponent) }
        case .combine(.add, _, _), .combine(.subtract, _, _):
            let summands = formula.summands(1)
            note(sum: summands)
            for one in summands { visit(one.term, isExponent: isExponent) }
        case .combine(_, let left, let right):
            note(sum: [(1, left), (-1, right)])
            visit(left, isExponent: false)
            visit(right, isExponent: false)
        default: for part in formula.parts { visit(part, isExponent: isExponent) }
        }
    }

    /// A factor goes with the inverse of the others' spread; a divisor with their size.
    private mutating func note(product factors: [Formula], isExponent: Bool) {
        for (place, factor) in factors.enumerated() {
            let (parameter, isDivisor): (Int, Bool)
            switch factor {
            case .parameter(let index): (parameter, isDivisor) = (index, false)
            case .combine(.divide, .number(1), .parameter(let index)):
                (parameter, isDivisor) = (index, true)
            default: continue
            }
            let others = factors.enumerated().filter { $0.offset != place }.map { $0.element }
            guard let values = numbers(others), ranges[parameter] == nil else { continue }
            if isDivisor {
                let size = FormulaRoles.size(values)
                ranges[parameter] = .magnitude(size * 0.01, size * 10, negative: 0)
            } else {
                let spread = FormulaRoles.spread(values)
                ranges[parameter] = .magnitude(
                    0.05 / spread, 10 / spread, negative: isExponent ? 0.25 : 0.5)
            }
        }
    }

    /// A summand goes with the values of the others, of the opposite sign.
    private mutating func note(sum: [(factor: Double, term: Formula)]) {
        for (place, one) in sum.enumerated() {
            guard case .parameter(let parameter) = one.term, ranges[parameter] == nil else {
                continue
            }
            var others: Formula?
            for (other, part) in sum.enumerated() where other != place {
                let term = Formula.combine(
                    .multiply, .number(-part.factor / one.factor), part.term)
                others = others.map { .combine(.add, $0, term) } ?? term
            }
            guard let others, let values = numbers([others]), let low = values.min(),
                let high = values.max(), high > low
            else { continue }
            ranges[parameter] = .value(low - 0.5 * (high - low), high + 0.5 * (high - low))
        }
    }

    /// The product at all points, where it depends on them: with parameters at 0, else at 1.
    private func numbers(_ factors: [Formula]) -> [Double]? {
        guard factors.contains(where: { !$0.inputs.isEmpty }) else { return nil }
        for level in [0.0, 1.0] {
            let product = factors.map { $0.replacing { _ in .number(level) } }
                .reduce(Formula.number(1)) { .combine(.multiply, $0, $1) }
            let tape = FormulaTape(product)
            let values = tape.known([tape.root], points.columns, count: points.count)[0]
            if values.allSatisfy({ $0.isFinite }), values.contains(where: { $0 != 0 }) {
                return values
            }
        }
        return nil
    }

    private static func size(_ values: [Double]) -> Double {
        let sum = values.reduce(0) { $0 + $1.magnitude }
        return sum > 0 ? sum / Double(values.count) : 1
    }

    /// The standard deviation, or the size of values that are all the same.
    private static func spread(_ values: [Double]) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / n).squareRoot()
        return deviation > 1e-9 * mean.magnitude ? deviation : size(values)
    }
}

extension Formula {
    /// The factors of a product; a divisor d is 1/d.
    func factors() -> [Formula] {
        switch self {
        case .apply(.negate, let one): one.factors()
        case .combine(.multiply, let left, let right): left.factors() + right.factors()
        case .combine(.divide, let left, let right):
            left.factors() + right.factors().map { .combine(.divide, .number(1), $0) }
        default: [self]
        }
    }

    /// d of 1/d, and anything else as it is.
    var withoutReciprocal: Formula {
        if case .combine(.divide, .number(1), let divisor) = self { return divisor }
        return self
    }
}
