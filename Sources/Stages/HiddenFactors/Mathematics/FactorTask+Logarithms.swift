package import Numerics

extension FactorTask {
    /// The matrix log p(y|x) `[N, M]`, for tasks small enough to have it whole.
    ///
    /// - Complexity: N · M sums of as many terms as there are outputs; 8 · N · M bytes.
    package func logarithms() -> [Double] {
        var matrix: [Double] = []
        matrix.reserveCapacity(input.count * output.count)
        for x in 0..<input.count {
            var row = [0.0]
            for factor in tables.indices {
                let table = tables[factor]
                let start = state(of: factor, at: x) * table.size
                row = row.flatMap { left in
                    table.logarithms[start..<start + table.size].map { left + $0 }
                }
            }
            matrix += row
        }
        return matrix
    }

    /// The most that the rank of log p can be, whatever the tables: Σ min(q_j − 1, |pa_j| − 1), and 1
    /// more; 2 more where some output has fewer states of parents than values and another more.
    ///
    /// log p = Σ_j T_j[pa_j(x), y_j]. With |pa_j| ≤ q_j, T_j is a function of y plus |pa_j| − 1
    /// products; with q_j ≤ |pa_j| a function of x plus q_j − 1 products; functions of y alone add
    /// up to one direction, and so do those of x. Ours; reached by generic tables whose outputs
    /// share no parents.
    package var rankBound: Int {
        let products = tables.reduce(0) { $0 + min($1.size - 1, $1.states - 1) }
        let isMixed =
            tables.contains { $0.states < $0.size } && tables.contains { $0.states > $0.size }
        return products + (isMixed ? 2 : 1)
    }

    /// How much the distribution of an output factor changes, at most, between two inputs that agree
    /// on its parents, summed out of the whole conditional distribution: 0 but for rounding, if and
    /// only if p factorises along the graph.
    ///
    /// Compares `pairs` random pairs an output. - Complexity: `pairs` · 2 M an output.
    package func markovViolation(pairs: Int, stream: inout RandomStream) -> Double {
        var most = 0.0
        for factor in tables.indices {
            let parents = Set(graph.parents[factor])
            for _ in 0..<pairs {
                let values = input.values(of: stream.integer(below: input.count))
                let other = values.indices.map {
                    parents.contains($0) ? values[$0] : stream.integer(below: input.sizes[$0])
                }
                let a = marginal(of: factor, at: input.token(values))
                let b = marginal(of: factor, at: input.token(other))
                for (p, q) in zip(a, b) { most = max(most, (p - q).magnitude) }
            }
        }
        return most
    }

    /// The mean KL divergence from p(·|x) to its mean over x, in nats: what is left to the best
    /// predictor that does not look at x, I(X; Y).
    ///
    /// - Complexity: N · M; memory for M numbers.
    package var inputFreeExcess: Double {
        var mean = [Double](repeating: 0, count: output.count)
        for x in 0..<input.count {
            for (y, p) in conditional(at: x).enumerated() { mean[y] += p }
        }
        let count = Double(input.count)
        let entropyOfMean = mean.reduce(0.0) { sum, total in
            total > 0 ? sum - total / count * Elementary.log(total / count) : sum
        }
        return entropyOfMean - entropy
    }

    /// p(y_j | x), summed out of p(·|x).
    private func marginal(of factor: Int, at x: Int) -> [Double] {
        var marginal = [Double](repeating: 0, count: output.sizes[factor])
        for (y, p) in conditional(at: x).enumerated() {
            marginal[output.value(of: factor, in: y)] += p
        }
        return marginal
    }
}
