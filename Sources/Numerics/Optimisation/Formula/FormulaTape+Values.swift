extension FormulaTape {
    /// The values of all steps at all points, and their slopes where asked.
    ///
    /// - Parameters:
    ///   - inputs: the columns, `[input][n]`.
    ///   - parameter: fills a row with a parameter's values at all points.
    ///   - count: the number of points, n.
    ///   - slopes: by how many parameters, the first ones, slopes are wanted.
    ///   - room: where they go.
    func evaluate(
        _ inputs: [[Double]], parameter: (Int, inout [Double]) -> Void, count: Int, slopes: Int,
        into room: inout FormulaRoom
    ) {
        room.reserve(self, points: count, slopes: slopes > 0)
        for (place, step) in steps.enumerated() {
            if step.depends.isEmpty && room.isPrepared { continue }
            var out: [Double] = []
            swap(&out, &room.values[place])
            switch step.work {
            case .number(let value): for i in 0..<count { out[i] = value }
            case .input(let input): out = inputs[input]
            case .parameter(let index): parameter(index, &out)
            case .apply(let function, let a): function.values(room.values[a], into: &out)
            case .combine(let operation, let a, let b):
                operation.values(room.values[a], room.values[b], into: &out)
            case .raise(let a, let whole):
                let x = room.values[a]
                for i in 0..<count { out[i] = Formula.Operation.power(x[i], Double(whole)) }
            case .choose(let condition, let yes, let no):
                let (test, a, b) = (room.values[condition], room.values[yes], room.values[no])
                for i in 0..<count { out[i] = test[i] != 0 ? a[i] : b[i] }
            }
            swap(&out, &room.values[place])
            if slopes > 0 { fillSlopes(place, step, slopes, count, &room) }
        }
        room.isPrepared = true
    }

    /// The slopes of one step by the first parameters, from those of its operands.
    private func fillSlopes(
        _ place: Int, _ step: Step, _ wanted: Int, _ n: Int, _ room: inout FormulaRoom
    ) {
        for (row, index) in step.depends.enumerated() where index < wanted {
            // Taken out, so that the loops below see a plain array that nothing else holds.
            var out: [Double] = []
            swap(&out, &room.slopes[place][row])
            for i in 0..<n { out[i] = 0 }
            switch step.work {
            case .number, .input: break
            case .parameter: for i in 0..<n { out[i] = 1 }
            case .apply(let function, let a):
                guard let slope = slope(of: a, by: index, room) else { break }
                function.addSlopes(
                    slope, at: room.values[a], value: room.values[place], into: &out)
            case .raise(let a, let whole):
                guard let slope = slope(of: a, by: index, room) else { break }
                let x = room.values[a]
                for i in 0..<n {
                    out[i] =
                        slope[i] * Double(whole)
                        * Formula.Operation.power(x[i], Double(whole - 1))
                }
            case .combine(let operation, let a, let b):
                operation.addSlopes(
                    slope(of: a, by: index, room), slope(of: b, by: index, room),
                    at: room.values[a], room.values[b], into: &out)
            case .choose(let condition, let yes, let no):
                let test = room.values[condition]
                let (a, b) = (slope(of: yes, by: index, room), slope(of: no, by: index, room))
                for i in 0..<n { out[i] = test[i] != 0 ? a?[i] ?? 0 : b?[i] ?? 0 }
            }
            swap(&out, &room.slopes[place][row])
        }
    }

    /// The slopes of a step by a parameter; `nil` where it does not depend on it.
    func slope(of step: Int, by parameter: Int, _ room: FormulaRoom) -> [Double]? {
        steps[step].depends.firstIndex(of: parameter).map { room.slopes[step][$0] }
    }
}

extension Formula.Function {
    /// The function at every x.
    func values(_ x: [Double], into y: inout [Double]) {
        switch self {
        case .exp: Elementary.map(.exp, x, into: &y)
        case .log: Elementary.map(.log, x, into: &y)
        case .logistic: Elementary.map(.logistic, x, into: &y)
        case .tanh: Elementary.map(.tanh, x, into: &y)
        case .negate: Elementwise.update(&y, x) { -$1 }
        case .sqrt: for i in x.indices { y[i] = x[i].squareRoot() }
        case .abs: for i in x.indices { y[i] = x[i].magnitude }
        case .not: for i in x.indices { y[i] = x[i] == 0 ? 1 : 0 }
        }
    }

    /// y′ and y″ at x, where the function is y.
    @inline(__always)
    func derivatives(_ x: Double, _ y: Double) -> (first: Double, second: Double) {
        switch self {
        case .negate: (-1, 0)
        case .exp: (y, y)
        case .log: (1 / x, -1 / (x * x))
        case .sqrt: (0.5 / y, -0.25 / (x * y))
        case .logistic: (y * (1 - y), y * (1 - y) * (1 - 2 * y))
        case .tanh: (1 - y * y, -2 * y * (1 - y * y))
        case .abs: (x < 0 ? -1 : 1, 0)
        case .not: (0, 0)
        }
    }

    /// Adds y′ times the slopes; where either is 0, nothing, also where the other is not finite.
    func addSlopes(
        _ slope: [Double], at x: [Double], value y: [Double], into out: inout [Double]
    ) {
        switch self {
        case .exp:
            Elementwise.update(&out, slope, y) { $0 + ($1 == 0 || $2 == 0 ? 0 : $2 * $1) }
        case .log: Elementwise.update(&out, slope, x) { $0 + ($1 == 0 ? 0 : 1 / $2 * $1) }
        case .negate: Elementwise.update(&out, slope) { $0 - $1 }
        default:
            Elementwise.update(&out, slope, x, y) {
                let first = derivatives($2, $3).first
                return $0 + ($1 == 0 || first == 0 ? 0 : first * $1)
            }
        }
    }
}

extension Formula.Operation {
    /// The operation at every pair.
    func values(_ a: [Double], _ b: [Double], into y: inout [Double]) {
        switch self {
        case .add: Elementwise.update(&y, a, b) { $1 + $2 }
        case .subtract: Elementwise.update(&y, a, b) { $1 - $2 }
        case .multiply: Elementwise.update(&y, a, b) { $1 * $2 }
        case .divide: Elementwise.update(&y, a, b) { $1 / $2 }
        default: Elementwise.update(&y, a, b) { value($1, $2) }
        }
    }

    /// Adds the slopes by one parameter, given those of both operands; where they are 0, nothing.
    func addSlopes(
        _ left: [Double]?, _ right: [Double]?, at a: [Double], _ b: [Double],
        into out: inout [Double]
    ) {
        if let left {
            switch self {
            case .add, .subtract: Elementwise.update(&out, left) { $0 + $1 }
            case .multiply: Elementwise.update(&out, left, b) { $0 + ($1 == 0 ? 0 : $1 * $2) }
            case .divide: Elementwise.update(&out, left, b) { $0 + ($1 == 0 ? 0 : $1 / $2) }
            case .min: Elementwise.update(&out, left, a, b) { $0 + ($2 <= $3 ? $1 : 0) }
            case .max: Elementwise.update(&out, left, a, b) { $0 + ($2 >= $3 ? $1 : 0) }
            default: break
            }
        }
        guard let right else { return }
        switch self {
        case .add: Elementwise.update(&out, right) { $0 + $1 }
        case .subtract: Elementwise.update(&out, right) { $0 - $1 }
        case .multiply: Elementwise.update(&out, right, a) { $0 + ($1 == 0 ? 0 : $2 * $1) }
        case .divide:
            Elementwise.update(&out, right, a, b) { $0 - ($1 == 0 ? 0 : $1 * $2 / ($3 * $3)) }
        case .min: Elementwise.update(&out, right, a, b) { $0 + ($2 > $3 ? $1 : 0) }
        case .max: Elementwise.update(&out, right, a, b) { $0 + ($2 < $3 ? $1 : 0) }
        default: break
        }
    }
}
