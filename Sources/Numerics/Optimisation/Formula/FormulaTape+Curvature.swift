extension FormulaTape {
    /// Gives Σᵢ wᵢ ∂²f/∂a∂b, for every pair of parameters a and b for which it may differ from 0, point by
    /// point.
    ///
    /// One sweep from the value back: a step that is bent adds its second derivatives times the slopes of
    /// its operands, weighted by how the value depends on it. The room holds values and slopes of the same
    /// parameters.
    ///
    /// Each unordered pair a ≠ b may be given in either order, and stands for both.
    func curvature(
        weights: [Double], _ room: FormulaRoom, add: (_ a: Int, _ b: Int, [Double]) -> Void
    ) {
        let n = weights.count
        var adjoints = [[Double]](repeating: [], count: steps.count)
        adjoints[root] = weights
        for (place, step) in steps.enumerated().reversed()
        where !step.depends.isEmpty && !adjoints[place].isEmpty {
            var weight: [Double] = []
            swap(&weight, &adjoints[place])
            func pass(_ to: Int, _ factor: (Int) -> Double) {
                if steps[to].depends.isEmpty { return }
                // Taken out, so that the loop sees a plain array that nothing else holds.
                var sums: [Double] = []
                swap(&sums, &adjoints[to])
                if sums.isEmpty { sums = [Double](repeating: 0, count: n) }
                for i in 0..<n where weight[i] != 0 { sums[i] += weight[i] * factor(i) }
                swap(&sums, &adjoints[to])
            }
            switch step.work {
            case .number, .input, .parameter: break
            case .apply(let function, let a):
                let (x, y) = (room.values[a], room.values[place])
                bend(a, a, weight, room, add) { function.derivatives(x[$0], y[$0]).second }
                pass(a) { function.derivatives(x[$0], y[$0]).first }
            case .raise(let a, let whole):
                let (x, k) = (room.values[a], Double(whole))
                bend(a, a, weight, room, add) {
                    k * (k - 1) * Formula.Operation.power(x[$0], k - 2)
                }
                pass(a) { k * Formula.Operation.power(x[$0], k - 1) }
            case .combine(let operation, let a, let b):
                combine(operation, a, b, weight, room, add)
                let (x, y) = (room.values[a], room.values[b])
                pass(a) { operation.derivatives(x[$0], y[$0]).left }
                pass(b) { operation.derivatives(x[$0], y[$0]).right }
            case .choose(let condition, let yes, let no):
                let test = room.values[condition]
                pass(yes) { test[$0] != 0 ? 1 : 0 }
                pass(no) { test[$0] != 0 ? 0 : 1 }
            }
        }
    }

    /// The second derivatives of products and quotients.
    private func combine(
        _ operation: Formula.Operation, _ a: Int, _ b: Int, _ weight: [Double],
        _ room: FormulaRoom, _ add: (Int, Int, [Double]) -> Void
    ) {
        let (x, y) = (room.values[a], room.values[b])
        // A step with itself stands for both orders.
        let cross = a == b ? 2.0 : 1.0
        switch operation {
        case .multiply: bend(a, b, weight, room, add) { _ in cross }
        case .divide:
            bend(a, b, weight, room, add) { -cross / (y[$0] * y[$0]) }
            bend(b, b, weight, room, add) { 2 * x[$0] / (y[$0] * y[$0] * y[$0]) }
        default: break
        }
    }

    /// Adds w g ∇a ∇bᵀ and, where a and b differ, its transpose.
    private func bend(
        _ a: Int, _ b: Int, _ weight: [Double], _ room: FormulaRoom,
        _ add: (Int, Int, [Double]) -> Void, _ second: (Int) -> Double
    ) {
        let (first, other) = (steps[a].depends, steps[b].depends)
        if first.isEmpty || other.isEmpty { return }
        let bent = weight.indices.map { weight[$0] == 0 ? 0 : weight[$0] * second($0) }
        if bent.allSatisfy({ $0 == 0 }) { return }
        var product = bent
        for (row, j) in first.enumerated() {
            for (column, k) in other.enumerated() where a != b || column >= row {
                let (u, v) = (room.slopes[a][row], room.slopes[b][column])
                // On the diagonal a pair of different operands counts twice: it and its transpose.
                let factor = a != b && j == k ? 2.0 : 1.0
                for i in bent.indices {
                    product[i] = bent[i] == 0 ? 0 : factor * bent[i] * u[i] * v[i]
                }
                add(j, k, product)
            }
        }
    }
}

extension Formula.Operation {
    /// The slopes by both operands.
    @inline(__always)
    func derivatives(_ a: Double, _ b: Double) -> (left: Double, right: Double) {
        switch self {
        case .add: (1, 1)
        case .subtract: (1, -1)
        case .multiply: (b, a)
        case .divide: (1 / b, -a / (b * b))
        case .min: a <= b ? (1, 0) : (0, 1)
        case .max: a >= b ? (1, 0) : (0, 1)
        default: (0, 0)
        }
    }
}
