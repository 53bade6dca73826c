/// A fit of y = E + A x^(−α) by least squares of log residuals, with its certificate.
package struct PowerLawFit: Sendable, Equatable {
    /// log A, at the centre of log x: log y₀ of the power term there.
    package let center: Double
    /// The mean of log x, which the fit is centred on.
    package let meanLogX: Double
    /// α.
    package let exponent: Double
    /// E; 0 without a floor, or where the bound E ≥ 0 is active.
    package let floor: Double
    /// The sum of squared log residuals.
    package let objective: Double
    /// The largest component of the gradient along free parameters, over 1 + objective.
    package let scaledGradient: Double
    /// The condition number's estimate: the ratio of the largest to the least pivot of JᵀJ, scaled.
    package let condition: Double
    /// How many starts, and how many ended within 10⁻⁶ (relative) of the best.
    package let starts, agreeing: Int
    /// Whether E ≥ 0 is active.
    package let isFloorAtBound: Bool

    /// A.
    package var prefactor: Double { Elementary.exp(center + exponent * meanLogX) }

    /// The law's value.
    package func value(_ x: Double) -> Double {
        floor + Elementary.exp(center - exponent * (Elementary.log(x) - meanLogX))
    }

    /// Fits; `nil` when no start converges or there are fewer points than parameters.
    ///
    /// From each start: the floor at a fraction of the least y, the rest by linear regression of
    /// log(y − E); then Levenberg–Marquardt with analytic derivatives, E kept at or above 0.
    /// x and y are positive. Cost: a few dozen passes over the points for each start.
    package static func fit(
        x: [Double], y: [Double], hasFloor: Bool, from previous: PowerLawFit? = nil
    )
        -> PowerLawFit?
    {
        let parameters = hasFloor ? 3 : 2
        guard x.count >= parameters, Set(x).count >= parameters else { return nil }
        let logX = x.map(Elementary.log)
        let mean = logX.reduce(0, +) / Double(x.count)
        let problem = Problem(
            u: logX.map { $0 - mean }, logY: y.map(Elementary.log), scale: y.min() ?? 1,
            hasFloor: hasFloor)
        var ends: [Problem.State] = []
        var fractions = hasFloor ? [0, 0.3, 0.6, 0.9, 0.99] : [0]
        if let previous, hasFloor { fractions = [0, min(0.99, previous.floor / problem.scale)] }
        for fraction in fractions {
            if let end = problem.descend(problem.start(y, fraction)) { ends.append(end) }
        }
        guard let best = ends.min(by: { $0.objective < $1.objective }) else { return nil }
        let agreeing = ends.count {
            $0.objective - best.objective <= 1e-6 * best.objective + 1e-24
        }
        let (gradient, condition) = problem.certificate(best)
        return PowerLawFit(
            center: best.a, meanLogX: mean, exponent: best.alpha, floor: best.e * problem.scale,
            objective: best.objective, scaledGradient: gradient, condition: condition,
            starts: fractions.count, agreeing: agreeing,
            isFloorAtBound: hasFloor && best.e == 0)
    }
}

/// Least squares of log residuals in the scaled parameters a, α, e = E / least y.
private struct Problem {
    let u: [Double]
    let logY: [Double]
    let scale: Double
    let hasFloor: Bool

    struct State {
        var a = 0.0
        var alpha = 0.0
        var e = 0.0
        var objective = Double.infinity
    }

    func start(_ y: [Double], _ fraction: Double) -> State {
        let e = fraction
        var (sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0)
        for (u, y) in zip(u, y) {
            let v = Elementary.log(max(y - e * scale, y * 1e-3))
            sx += u
            sy += v
            sxx += u * u
            sxy += u * v
        }
        let n = Double(y.count)
        let slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
        var state = State(a: (sy - slope * sx) / n, alpha: -slope, e: e)
        state.objective = objective(state)
        return state
    }

    func objective(_ state: State) -> Double {
        var sum = 0.0
        for (u, logY) in zip(u, logY) {
            let r =
                Elementary.log(state.e * scale + Elementary.exp(state.a - state.alpha * u)) - logY
            sum += r * r
        }
        return sum
    }

    /// JᵀJ and Jᵀr, for a, α and, unless it is held, e.
    func normal(_ state: State, freeFloor: Bool) -> (matrix: [Double], right: [Double]) {
        let n = freeFloor ? 3 : 2
        var matrix = [Double](repeating: 0, count: n * n)
        var right = [Double](repeating: 0, count: n)
        for (u, logY) in zip(u, logY) {
            let term = Elementary.exp(state.a - state.alpha * u)
            let value = state.e * scale + term
            let r = Elementary.log(value) - logY
            let row = [term / value, -u * term / value, scale / value]
            for i in 0..<n {
                right[i] += row[i] * r
                for j in 0..<n { matrix[i * n + j] += row[i] * row[j] }
            }
        }
        return (matrix, right)
    }

    func descend(_ start: State) -> State? {
        var state = start
        guard state.objective.isFinite else { return nil }
        var damping = 1e-3
        for _ in 0..<500 {
            let isFree = isFloorFree(state)
            let (matrix, right) = normal(state, freeFloor: isFree)
            let n = right.count
            var damped = matrix
            for i in 0..<n { damped[i * n + i] *= 1 + damping }
            guard let step = LinearSystem.solve(damped, right) else {
                damping = max(damping * 10, 1e-12)
                if damping > 1e12 { return state }
                continue
            }
            var next = state
            next.a -= step[0]
            next.alpha -= step[1]
            if isFree { next.e = max(0, next.e - step[2]) }
            next.objective = objective(next)
            if next.objective <= state.objective {
                let gain = state.objective - next.objective
                let moved = zip(step, [1.0, 1.0, 1.0]).map { $0.0.magnitude }.max() ?? 0
                state = next
                damping = max(damping / 10, 1e-15)
                if gain <= 1e-16 * state.objective && moved < 1e-9 { return state }
            } else {
                damping *= 10
                if damping > 1e12 { return state }
            }
        }
        return state
    }

    /// The floor is held at 0 while the objective would only fall below it.
    private func isFloorFree(_ state: State) -> Bool {
        guard hasFloor else { return false }
        if state.e > 0 { return true }
        return normal(state, freeFloor: true).right[2] < 0
    }

    func certificate(_ state: State) -> (gradient: Double, condition: Double) {
        let (matrix, right) = normal(state, freeFloor: isFloorFree(state))
        let n = right.count
        let gradient = right.map { $0.magnitude }.max() ?? 0
        // Pivots of the correlation matrix: 1 for orthogonal columns, small where two trade off.
        var scaled = matrix
        for i in 0..<n {
            for j in 0..<n {
                scaled[i * n + j] /= (matrix[i * n + i] * matrix[j * n + j]).squareRoot()
            }
        }
        var least = 1.0
        for k in 0..<n {
            least = min(least, scaled[k * n + k])
            guard scaled[k * n + k] > 0 else { break }
            for i in (k + 1)..<max(n, k + 1) {
                let factor = scaled[i * n + k] / scaled[k * n + k]
                for j in k..<n { scaled[i * n + j] -= factor * scaled[k * n + j] }
            }
        }
        return (gradient / (1 + state.objective), 1 / max(least, 1e-300))
    }
}
