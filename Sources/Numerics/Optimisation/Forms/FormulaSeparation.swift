/// Which parameters a formula is linear in, together, and which ones it is made linear in.
///
/// e^(a + g) is e^a e^g, so a parameter that stands in exponents only, always with the same factor κ, is a
/// coefficient c = e^(κ a) of the terms around it.
struct FormulaSeparation {
    /// The formula, with coefficients for parameters in exponents.
    private(set) var formula: Formula
    /// What each parameter's coordinate is.
    private(set) var kinds: [FormulaCoordinate.Kind]
    /// The parameters, linear ones first.
    let order: [Int]
    /// How many are linear.
    let linearCount: Int

    init(_ formula: Formula, _ parameters: [FormulaParameter]) {
        self.formula = formula
        kinds = parameters.map { $0.lower > 0 ? .logarithm : .plain }
        var linear: [Int] = []
        for place in parameters.indices where parameters[place].fixed == nil {
            if self.formula.degree(in: Set(linear + [place])) < 2 {
                linear.append(place)
                kinds[place] = .plain
                continue
            }
            guard let kappa = FormulaSeparation.factor(of: place, in: self.formula) else {
                continue
            }
            let pulled = FormulaSeparation.pull(place, out: self.formula)
            guard pulled.degree(in: Set(linear + [place])) < 2 else { continue }
            self.formula = pulled
            kinds[place] = .coefficient(kappa)
            linear.append(place)
        }
        order = linear + parameters.indices.filter { !linear.contains($0) }
        linearCount = linear.count
    }

    /// The one factor that a parameter has in all exponents, where it stands nowhere else.
    private static func factor(of place: Int, in formula: Formula) -> Double? {
        var factors: Set<Double> = []
        guard collect(place, formula, &factors), factors.count == 1 else { return nil }
        return factors.first
    }

    /// Whether a parameter stands only as a summand of exponents; with its factors there.
    private static func collect(
        _ place: Int, _ formula: Formula, _ factors: inout Set<Double>
    ) -> Bool {
        guard formula.parameters.contains(place) else { return true }
        if let (exponent, base) = formula.exponential {
            for (factor, term) in exponent.summands(base) where term.parameters.contains(place) {
                guard term == .parameter(place) else { return false }
                factors.insert(factor)
            }
            return exponent.summands(base).count { $0.term == .parameter(place) } == 1
        }
        if formula.parts.isEmpty { return false }
        return formula.parts.allSatisfy { collect(place, $0, &factors) }
    }

    /// The formula with c · e^g for every e^(κ a + g), where the parameter's place stands for c.
    private static func pull(_ place: Int, out formula: Formula) -> Formula {
        guard formula.parameters.contains(place) else { return formula }
        guard let (exponent, base) = formula.exponential else {
            return formula.mapParts { pull(place, out: $0) }
        }
        let rest = exponent.summands(base).filter { $0.term != .parameter(place) }
        guard !rest.isEmpty else { return .parameter(place) }
        let sum = rest.map { one -> Formula in
            one.factor == 1 ? one.term : .combine(.multiply, .number(one.factor), one.term)
        }.reduce(nil as Formula?) { sum, term in sum.map { .combine(.add, $0, term) } ?? term }
        return .combine(.multiply, .parameter(place), .apply(.exp, sum ?? .number(0)))
    }
}

extension Formula {
    /// The exponent of e^g, or of bᵍ for a positive number b, with log b.
    var exponential: (exponent: Formula, logBase: Double)? {
        switch self {
        case .apply(.exp, let exponent): return (exponent, 1)
        case .combine(.power, let base, let exponent):
            guard case .number(let value) = base.folded, value > 0, value != 1 else { return nil }
            return (exponent, value == 10 ? 2.302585092994046 : Elementary.log(value))
        default: return nil
        }
    }

    /// The summands, each with its constant factor.
    func summands(_ factor: Double) -> [(factor: Double, term: Formula)] {
        switch self {
        case .apply(.negate, let one): return one.summands(-factor)
        case .combine(.add, let left, let right):
            return left.summands(factor) + right.summands(factor)
        case .combine(.subtract, let left, let right):
            return left.summands(factor) + right.summands(-factor)
        case .combine(.multiply, let left, let right):
            if case .number(let value) = left.folded { return right.summands(factor * value) }
            if case .number(let value) = right.folded { return left.summands(factor * value) }
        case .combine(.divide, let left, let right):
            if case .number(let value) = right.folded, value != 0 {
                return left.summands(factor / value)
            }
        default: break
        }
        return [(factor, self)]
    }
}
