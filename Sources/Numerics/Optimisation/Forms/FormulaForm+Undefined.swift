extension FormulaForm {
    /// The first part without a parameter that is no number at a point, such as the logarithm of -1.
    package func undefined(_ x: [[Double]]) -> LawRefusal? {
        let count = x.first?.count ?? 0
        let known = tape.steps.indices.filter { tape.steps[$0].depends.isEmpty }
        for (place, values) in zip(known, tape.known(known, x, count: count)) {
            guard let row = values.firstIndex(where: { $0.isNaN }) else { continue }
            let used = tape.inputs(of: place).sorted()
            return .undefined(
                row: row, part: tape.text(of: place, inputs),
                values: used.map { "\(inputs[$0]) = \(FormulaTape.text(x[$0][row]))" }
                    .joined(separator: ", "))
        }
        return nil
    }
}

extension FormulaTape {
    /// The inputs that a step depends on.
    func inputs(of step: Int) -> Set<Int> {
        switch steps[step].work {
        case .input(let place): [place]
        case .number, .parameter: []
        case .apply(_, let a), .raise(let a, _): inputs(of: a)
        case .combine(_, let a, let b): inputs(of: a).union(inputs(of: b))
        case .choose(let a, let b, let c):
            inputs(of: a).union(inputs(of: b)).union(inputs(of: c))
        }
    }

    /// A number as a person writes it.
    static func text(_ number: Double) -> String {
        number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }

    /// A step as a person would write it, with the inputs' names.
    func text(of step: Int, _ names: [String]) -> String {
        switch steps[step].work {
        case .number(let value): return FormulaTape.text(value)
        case .input(let place): return names[place]
        case .parameter(let place): return "p\(place + 1)"
        case .apply(.negate, let a): return "-\(text(of: a, names))"
        case .apply(let function, let a): return "\(function.rawValue)(\(text(of: a, names)))"
        case .raise(let a, let whole): return "(\(text(of: a, names)))^\(whole)"
        case .combine(let operation, let a, let b):
            let (left, right) = (text(of: a, names), text(of: b, names))
            let sign = operation.sign
            return sign.isEmpty
                ? "\(operation.rawValue)(\(left), \(right))" : "(\(left) \(sign) \(right))"
        case .choose(let a, let b, let c):
            return "if(\(text(of: a, names)), \(text(of: b, names)), \(text(of: c, names)))"
        }
    }
}

extension Formula.Operation {
    /// The sign between operands; empty for those that are written as functions.
    var sign: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .power: "^"
        case .less: "<"
        case .lessEqual: "<="
        case .equal: "=="
        case .and: "and"
        case .or: "or"
        case .min, .max: ""
        }
    }
}
