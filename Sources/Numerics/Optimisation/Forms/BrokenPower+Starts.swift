extension BrokenPower {
    /// A place to start from: the floor, the breaks' places and widths, and what they leave.
    private struct Candidate {
        var theta: [Double]
        var error: Double
        var breaks: [(place: Double, width: Double)]
    }

    /// Not used: ``starts(_:weights:isRelative:)`` solves for slopes instead of searching them.
    package func grid(_ points: ScaledPoints) -> [[Double]] { [] }

    /// Candidates over floor, places and widths: all else is a linear problem in log(y − a).
    ///
    /// Given a, δ and f, log(y − a) = log b − c₀u − Σ κᵢrᵢ(u) is linear in log b, c₀ and κ; residuals
    /// are weighed back to those of log y. A further break is added to the best of the breaks before
    /// it, one scan each. Cost: 7 · 18 · 6 · breaks small systems and as many passes over the points.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        let (low, high) = (points.logs[0].min() ?? 0, points.logs[0].max() ?? 0)
        let places =
            (0...12).map { low + (high - low) * Double($0) / 12 }
            + [0.15, 0.3, 0.5, 0.8, 1.3].map { high + $0 }
        var pairs: [(place: Double, width: Double)] = []
        for place in places {
            for width in [-4, -3, -2.2, -1.4, -0.5, 0.5] { pairs.append((place, width)) }
        }
        let least = points.y.min() ?? 1
        var kept: [(floor: Double, breaks: [(place: Double, width: Double)])] =
            [0, 0.3, 0.6, 0.8, 0.9, 0.96, 0.99].map { ($0 * least, []) }
        var ranked: [Candidate] = []
        if breaks == 0 {
            return kept.compactMap { solve(points, weights, $0.floor, [])?.theta }
        }
        for count in 1...breaks {
            ranked = kept.flatMap { base in
                pairs.compactMap { solve(points, weights, base.floor, base.breaks + [$0]) }
            }
            let order = ranked.indices.sorted { (ranked[$0].error, $0) < (ranked[$1].error, $1) }
            if count == breaks { return order.prefix(400).map { ranked[$0].theta } }
            // Some of the best, spread out so that they are not all alike.
            kept = stride(from: 0, to: min(order.count, 60), by: 6).map {
                (ranked[order[$0]].theta[0], ranked[order[$0]].breaks)
            }
        }
        return []
    }

    /// A break that ran off beyond the points is tried again near their end: κ and f hold it there.
    package func alternatives(to theta: [Double], _ scale: LawScale) -> [[Double]] {
        let first = hasFirstSlope ? 4 : 3
        return (0..<breaks).map { first + 3 * $0 }.filter { theta[$0] > scale.ends[0] }
            .flatMap { place in
                [0.1, 0.3, 0.8].map { beyond in
                    var other = theta
                    other[place] = scale.ends[0] + beyond
                    return other
                }
            }
    }

    private func solve(
        _ points: ScaledPoints, _ weights: [Double], _ floor: Double,
        _ breaks: [(place: Double, width: Double)]
    ) -> Candidate? {
        let first = hasFirstSlope ? 2 : 1
        let size = first + breaks.count
        var matrix = [Double](repeating: 0, count: size * size)
        var right = [Double](repeating: 0, count: size)
        var row = [Double](repeating: 1, count: size)
        var total = 0.0
        let ends = breaks.map { one in
            let f = Elementary.exp(one.width)
            return (f, Bend((points.scale.ends[0] - one.place) / f).log)
        }
        for i in points.y.indices where weights[i] != 0 {
            let excess = points.y[i] - floor
            guard excess > 0 else { return nil }
            let w = weights[i] * (excess / points.y[i]) * (excess / points.y[i])
            let z = Elementary.log(excess)
            let u = points.logs[0][i]
            if hasFirstSlope { row[1] = -u }
            for (index, one) in breaks.enumerated() {
                let (f, end) = ends[index]
                row[first + index] = -Elementary.exp(Bend((u - one.place) / f).log - end)
            }
            total += w * z * z
            for j in 0..<size {
                right[j] += w * row[j] * z
                for k in 0..<size { matrix[j * size + k] += w * row[j] * row[k] }
            }
        }
        for j in 0..<size { matrix[j * size + j] *= 1 + 1e-12 }
        guard let solution = LinearSystem.solve(matrix, right) else { return nil }
        let error = zip(solution, right).reduce(total) { $0 - $1.0 * $1.1 }
        guard error.isFinite, solution[0] < 300 else { return nil }
        var theta = [floor, Elementary.exp(solution[0])]
        if hasFirstSlope { theta.append(max(-20, min(20, solution[1]))) }
        for (index, one) in breaks.enumerated() {
            theta += [max(-1000, min(1000, solution[first + index])), one.place, one.width]
        }
        return Candidate(theta: theta, error: error, breaks: breaks)
    }
}
