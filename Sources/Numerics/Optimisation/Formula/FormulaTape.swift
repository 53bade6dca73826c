/// A formula as a list of steps.
///
/// Equal parts are one step. What depends on no parameter is computed once for a set of points;
/// ``FormulaProgram`` is the rest, with derivatives.
struct FormulaTape: Sendable {
    /// One step.
    struct Step: Sendable, Hashable {
        /// What it does.
        enum Work: Sendable, Hashable {
            case number(Double)
            case input(Int)
            case parameter(Int)
            case apply(Formula.Function, Int)
            case combine(Formula.Operation, Int, Int)
            /// A whole power.
            case raise(Int, to: Int)
            case choose(Int, Int, Int)

            /// The steps that it takes, as often as it takes them.
            var operands: [Int] {
                switch self {
                case .number, .input, .parameter: []
                case .apply(_, let a), .raise(let a, _): [a]
                case .combine(_, let a, let b): [a, b]
                case .choose(let a, let b, let c): [a, b, c]
                }
            }
        }
        let work: Work
        /// The parameters that it depends on, ascending.
        let depends: [Int]
    }

    /// The steps, operands before what they are used in.
    private(set) var steps: [Step] = []
    /// The step that is the formula's value.
    private(set) var root = 0
    private var known: [Step.Work: Int] = [:]

    /// Compiles a formula.
    init(_ formula: Formula) {
        root = add(formula)
    }

    private mutating func add(_ formula: Formula) -> Int {
        switch formula {
        case .number(let value): return append(.number(value))
        case .input(let place): return append(.input(place))
        case .parameter(let place): return append(.parameter(place))
        case .apply(let function, let one):
            return append(.apply(function, add(one)))
        case .combine(.power, let base, let exponent): return power(base, exponent)
        case .combine(let operation, let left, let right):
            let (a, b) = (add(left), add(right))
            return append(.combine(operation, a, b))
        case .choose(let condition, let yes, let no):
            return append(.choose(add(condition), add(yes), add(no)))
        }
    }

    /// A power: of whole numbers by multiplication, of a number as an exponential, else e^(b log a).
    private mutating func power(_ base: Formula, _ exponent: Formula) -> Int {
        if case .number(let value) = exponent.folded, let whole = Int(exactly: value),
            whole.magnitude <= 1024
        {
            return append(.raise(add(base), to: whole))
        }
        let logarithm: Formula
        if case .number(let value) = base.folded, value > 0 {
            logarithm = .number(Elementary.log(value))
        } else {
            logarithm = .apply(.log, base)
        }
        return add(.apply(.exp, .combine(.multiply, exponent, logarithm)))
    }

    private mutating func append(_ work: Step.Work) -> Int {
        if let place = known[work] { return place }
        var depends = Set(work.operands.flatMap { steps[$0].depends })
        if case .parameter(let place) = work { depends = [place] }
        steps.append(Step(work: work, depends: depends.sorted()))
        known[work] = steps.count - 1
        return steps.count - 1
    }
}

extension Formula {
    /// A number where no column and no parameter is in it.
    var folded: Formula {
        guard inputs.isEmpty, parameters.isEmpty else { return self }
        return .number(value([], []))
    }
}
