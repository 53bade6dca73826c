extension FormulaForm {
    /// ``candidates`` draws of the nonlinear parameters, each with the best linear ones.
    ///
    /// Draw k comes from the stream (0, `formula`, k), so a search is the same everywhere. Groups start from
    /// one value. Cost: an evaluation with slopes for each.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        let roles = FormulaRoles(inner, points)
        let isLinear = linearCount == places.count
        let weights = weights.indices.map { row in
            let y = points.y[row]
            return isRelative ? weights[row] / (y * y + 1e-300) : weights[row]
        }
        let blocks = blocks(points)
        let order = blocks.order.filter { $0 < linearCount }
        var engine = FormulaEngine(
            projection(points.scale), tape, points, blocks,
            FormulaEngine.Aim(targets: points.y, weights: weights))
        return (0..<(isLinear ? 1 : FormulaForm.candidates)).compactMap { number in
            var theta = draw(number, roles)
            return project(&theta, order, &engine) ? theta : nil
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
        _ theta: inout [Double], _ order: [Int], _ engine: inout FormulaEngine
    ) -> Bool {
        let m = linearCount
        if m == 0 { return true }
        for j in 0..<m { theta[j] = 0 }
        let sums = engine.derivatives(theta, SmoothCost(delta: .infinity), .linear, unit: 1)
        var matrix = [Double](repeating: 0, count: m * m)
        for j in 0..<m {
            for k in 0..<m { matrix[j * m + k] = sums.model[j * theta.count + k] }
        }
        guard sums.value.isFinite, matrix.allSatisfy({ $0.isFinite }),
            let best = BoundedLeastSquares.solve(
                matrix, sums.gradient.prefix(m).map { -$0 },
                lower: places.prefix(m).map { $0.coefficients.lower },
                upper: places.prefix(m).map { $0.coefficients.upper }, order: order)
        else { return false }
        for j in 0..<m { theta[j] = places[j].coordinate(ofCoefficient: best[j]) }
        return true
    }
}
