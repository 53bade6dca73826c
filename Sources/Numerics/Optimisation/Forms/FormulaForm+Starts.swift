extension FormulaForm {
    /// ``candidates`` draws of the nonlinear parameters, each with the best linear ones.
    ///
    /// Draw k comes from the stream (0, `formula`, k), so a search is the same everywhere. Groups start from
    /// one value. Cost: an evaluation with slopes for each.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        let roles = FormulaRoles(inner, parameters: declared.count, points)
        let isLinear = linearCount == places.count
        let weights = weights.indices.map { row in
            let y = points.y[row]
            return isRelative ? weights[row] / (y * y + 1e-300) : weights[row]
        }
        var room = LawValues(self, points)
        return (0..<(isLinear ? 1 : FormulaForm.candidates)).compactMap { number in
            var theta = draw(number, roles)
            return project(&theta, points, weights, &room) ? theta : nil
        }
    }

    /// The nonlinear coordinates of a draw; the linear ones are 0.
    func draw(_ number: Int, _ roles: FormulaRoles) -> [Double] {
        var stream = RandomStream(seed: 0, purpose: "formula", index: UInt64(number))
        var theta = [Double](repeating: 0, count: places.count)
        for (index, parameter) in declared.enumerated() where offsets[index] >= linearCount {
            let value = FormulaForm.value(of: parameter, roles.ranges[index], &stream)
            for j in offsets[index]..<(offsets[index] + parameter.names.count) {
                theta[j] = places[j].kind == .logarithm ? Elementary.log(value) : value
            }
        }
        return theta
    }

    /// A value to start from: as the user says, within finite bounds, or as the formula suggests.
    private static func value(
        of parameter: FormulaParameter, _ range: FormulaRoles.Range?,
        _ stream: inout RandomStream
    ) -> Double {
        let (position, sign) = (stream.uniform(), stream.uniform())
        func logarithmic(_ low: Double, _ high: Double) -> Double {
            Elementary.exp(
                (1 - position) * Elementary.log(low) + position * Elementary.log(high))
        }
        if let fixed = parameter.fixed { return fixed }
        if !parameter.starts.isEmpty {
            return parameter.starts[Int(position * Double(parameter.starts.count))]
        }
        let (lower, upper) = (parameter.lower, parameter.upper)
        if lower.isFinite && upper.isFinite {
            return lower > 0 && upper > 20 * lower
                ? logarithmic(lower, upper) : lower + position * (upper - lower)
        }
        let value: Double
        switch range ?? .magnitude(0.01, 100, negative: 0.5) {
        case .value(let low, let high): value = low + position * (high - low)
        case .magnitude(let low, let high, let negative):
            let isNegative = upper <= 0 || lower < 0 && sign < negative
            value = (isNegative ? -1 : 1) * logarithmic(low, high)
        }
        return max(lower, min(upper, value))
    }

    /// Puts in the linear coordinates that minimise Σ w (f − y)².
    private func project(
        _ theta: inout [Double], _ points: ScaledPoints, _ weights: [Double],
        _ values: inout LawValues
    ) -> Bool {
        let m = linearCount
        if m == 0 { return true }
        for j in 0..<m { theta[j] = 0 }
        let inner = FormulaInner(self, theta, points.scale).withoutCoefficients(self)
        run(inner, points, slopes: linearParameters, into: &values)
        let rest = values.room.values[tape.root]
        let used = tape.steps[tape.root].depends.filter { $0 < linearParameters }
        let slopes = used.indices.map { values.room.slopes[tape.root][$0] }
        let weighted = slopes.map { slope in
            var product = weights
            Elementwise.update(&product, slope) { $0 == 0 ? 0 : $0 * $1 }
            return product
        }
        var targets = points.y
        Elementwise.update(&targets, rest) { $0 - $1 }
        var sums = LinearSums(m)
        for block in values.blocks.blocks {
            let places = used.map { block.coordinates[$0] }
            sums.add(
                block.rows, slopes, weighted: weighted,
                factors: places.map { inner.slope(of: $0) }, places, targets)
        }
        guard
            let best = sums.solution(
                within: places.prefix(m), order: values.blocks.order.filter { $0 < m })
        else { return false }
        for j in 0..<m { theta[j] = places[j].coordinate(ofCoefficient: best[j]) }
        return true
    }
}
