extension FormulaTape {
    /// The values of steps that depend on no parameter, at all points.
    ///
    /// - Parameters:
    ///   - wanted: the steps.
    ///   - inputs: the columns, `[input][n]`.
    ///   - count: the number of points, n.
    /// - Returns: a row for each step that is wanted.
    func known(_ wanted: [Int], _ inputs: [[Double]], count: Int) -> [[Double]] {
        var made = [[Double]?](repeating: nil, count: steps.count)
        return wanted.map { values($0, inputs, count, &made) }
    }

    private func values(
        _ place: Int, _ inputs: [[Double]], _ count: Int, _ made: inout [[Double]?]
    ) -> [Double] {
        if let known = made[place] { return known }
        var out: [Double]
        switch steps[place].work {
        case .number(let value): out = [Double](repeating: value, count: count)
        case .input(let input): out = inputs[input]
        case .parameter: preconditionFailure("a parameter is no column")
        case .apply(let function, let a):
            let x = values(a, inputs, count, &made)
            out = x
            function.values(x, into: &out)
        case .combine(let operation, let a, let b):
            let (x, y) = (values(a, inputs, count, &made), values(b, inputs, count, &made))
            out = zip(x, y).map { operation.value($0, $1) }
        case .raise(let a, let whole):
            out = values(a, inputs, count, &made).map {
                Formula.Operation.power($0, Double(whole))
            }
        case .choose(let a, let b, let c):
            let (yes, no) = (values(b, inputs, count, &made), values(c, inputs, count, &made))
            let test = values(a, inputs, count, &made)
            out = test.indices.map { test[$0] != 0 ? yes[$0] : no[$0] }
        }
        made[place] = out
        return out
    }
}

extension Formula.Function {
    /// The function at every x.
    fileprivate func values(_ x: [Double], into y: inout [Double]) {
        switch self {
        case .exp: Elementary.map(.exp, x, into: &y)
        case .log: Elementary.map(.log, x, into: &y)
        case .logistic: Elementary.map(.logistic, x, into: &y)
        case .tanh: Elementary.map(.tanh, x, into: &y)
        default: y = x.map(value)
        }
    }
}
