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
        var adjoints = [[Double]](repeating: [], count: steps.count)
        adjoints[root] = weights
        for (place, step) in steps.enumerated().reversed()
        where !step.depends.isEmpty && !adjoints[place].isEmpty {
            var weight: [Double] = []
            swap(&weight, &adjoints[place])
            bend(place, step.work, weight, room, add)
            for operand in passes[place] {
                // Taken out, so that the loop sees a plain array that nothing else holds.
                var sums: [Double] = []
                swap(&sums, &adjoints[operand])
                if sums.isEmpty { sums = [Double](repeating: 0, count: weights.count) }
                pass(weight, from: place, step.work, to: operand, room, into: &sums)
                swap(&sums, &adjoints[operand])
            }
        }
    }

    /// Adds w times the slope of a step by an operand, where w is not 0.
    private func pass(
        _ weight: [Double], from place: Int, _ work: Step.Work, to operand: Int,
        _ room: FormulaRoom, into sums: inout [Double]
    ) {
        switch work {
        case .number, .input, .parameter: break
        case .apply(let function, let a):
            function.addSlopes(weight, at: room.values[a], value: room.values[place], into: &sums)
        case .raise(let a, let whole):
            let (x, k) = (room.values[a], Double(whole))
            for i in weight.indices where weight[i] != 0 {
                sums[i] += weight[i] * (k * Formula.Operation.power(x[i], k - 1))
            }
        case .combine(let operation, let a, let b):
            operation.addSlopes(
                a == operand ? weight : nil, b == operand ? weight : nil, at: room.values[a],
                room.values[b], into: &sums)
        case .choose(let condition, let yes, let no):
            let test = room.values[condition]
            for i in weight.indices where weight[i] != 0 {
                if (test[i] != 0 ? yes : no) == operand { sums[i] += weight[i] }
            }
        }
    }

    /// The second derivatives of a step.
    private func bend(
        _ place: Int, _ work: Step.Work, _ weight: [Double], _ room: FormulaRoom,
        _ add: (Int, Int, [Double]) -> Void
    ) {
        switch work {
        case .number, .input, .parameter, .choose: break
        case .apply(.negate, _), .apply(.abs, _), .apply(.not, _): break
        case .apply(.exp, let a): bend(a, a, weight, room.values[place], room, add)
        case .apply(let function, let a):
            let (x, y) = (room.values[a], room.values[place])
            let second = x.indices.map { function.derivatives(x[$0], y[$0]).second }
            bend(a, a, weight, second, room, add)
        case .raise(let a, let whole):
            let k = Double(whole)
            let second = room.values[a].map { k * (k - 1) * Formula.Operation.power($0, k - 2) }
            bend(a, a, weight, second, room, add)
        case .combine(let operation, let a, let b):
            let (x, y) = (room.values[a], room.values[b])
            // A step with itself stands for both orders.
            let cross = a == b ? 2.0 : 1.0
            switch operation {
            case .multiply: bend(a, b, weight, x.map { _ in cross }, room, add)
            case .divide:
                bend(a, b, weight, y.map { -cross / ($0 * $0) }, room, add)
                bend(
                    b, b, weight, x.indices.map { 2 * x[$0] / (y[$0] * y[$0] * y[$0]) }, room, add)
            default: break
            }
        }
    }

    /// Adds w g ∇a ∇bᵀ and, where a and b differ, its transpose.
    private func bend(
        _ a: Int, _ b: Int, _ weight: [Double], _ second: [Double], _ room: FormulaRoom,
        _ add: (Int, Int, [Double]) -> Void
    ) {
        let (first, other) = (steps[a].depends, steps[b].depends)
        if first.isEmpty || other.isEmpty { return }
        var bent = weight
        Elementwise.update(&bent, second) { $0 == 0 ? 0 : $0 * $1 }
        if bent.allSatisfy({ $0 == 0 }) { return }
        var product = bent
        for (row, j) in first.enumerated() {
            for (column, k) in other.enumerated() where a != b || column >= row {
                let (u, v) = (room.slopes[a][row], room.slopes[b][column])
                // On the diagonal a pair of different operands counts twice: it and its transpose.
                let factor = a != b && j == k ? 2.0 : 1.0
                Elementwise.update(&product, bent, u, v) { $1 == 0 ? 0 : factor * $1 * $2 * $3 }
                add(j, k, product)
            }
        }
    }
}
