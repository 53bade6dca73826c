/// Intervals from the objective itself: a parameter is moved, all others are fitted again.
///
/// For sums of squares only: {v : RSS(v) ≤ RSS (1 + t²/(n − p))} with Student's t, exact for a model
/// that is linear near its optimum with normal residuals. Source: Bates & Watts, *Nonlinear
/// Regression Analysis* (1988), §6.1.
package struct ProfileInterval: Sendable {
    /// The ends, in natural units; infinite where the objective never rises so far.
    package let low, high: Double
    /// Values and objectives along the way, ascending.
    package let curve: [(value: Double, objective: Double)]

    /// The interval of one parameter; `nil` where the objective has none, or the parameter is no
    /// coordinate of its own.
    ///
    /// Cost: about 40 refits.
    package init?(
        _ fitter: LawFitter, _ law: FittedLaw, x: [[Double]], y: [Double],
        weights: [Double]? = nil, parameter name: String, confidence: Double
    ) {
        let parameters = law.form.parameters
        guard law.objective.loss == .squares,
            let j = parameters.firstIndex(where: { $0.name == name }),
            parameters[j].needs.isEmpty, !law.held[j], y.count > law.freeCount
        else { return nil }
        let points = ScaledPoints(x: x, y: y, scale: law.scale)
        var held = law.held
        held[j] = true
        let problem = LawProblem(
            form: law.form, points: points, weights: weights ?? y.map { _ in 1 },
            objective: law.objective, held: held)
        let degrees = y.count - law.freeCount
        let t = Distributions.studentQuantile(central: confidence, degrees: degrees)
        var walk = ProfileWalk(
            law, problem, coordinate: j, limit: law.value * (1 + t * t / Double(degrees)))
        let ends = (walk.edge(-1), walk.edge(1))
        func natural(_ place: Double) -> Double {
            guard place.isFinite else { return place }
            var theta = law.theta
            theta[j] = place
            return law.form.natural(theta, law.scale)[j]
        }
        low = natural(ends.0)
        high = natural(ends.1)
        curve = walk.curve.sorted { $0.place < $1.place }.map { (natural($0.place), $0.value) }
    }
}

/// Descents along one coordinate, away from the optimum.
private struct ProfileWalk {
    let law: FittedLaw
    var problem: LawProblem
    let j: Int
    /// The objective at the interval's ends.
    let limit: Double
    let descent: NewtonDescent
    /// Every place that was tried.
    var curve: [(place: Double, value: Double)]

    init(_ law: FittedLaw, _ problem: LawProblem, coordinate j: Int, limit: Double) {
        self.law = law
        self.problem = problem
        self.j = j
        self.limit = limit
        descent = NewtonDescent(law.form)
        curve = [(law.theta[j], law.value)]
    }

    /// Fits all other coordinates again; `nil` where that does not converge.
    private mutating func value(
        _ place: Double, from theta: [Double]
    ) -> (theta: [Double], value: Double)? {
        var start = theta
        start[j] = place
        let end = descent.run(
            &problem, from: start, stages: [SmoothCost(delta: .infinity)], limit: 80)
        guard end.scaledGradient < 1e-5 else { return nil }
        let stated = problem.stated(end.theta)
        curve.append((place, stated))
        return (end.theta, stated)
    }

    /// Where the objective reaches the limit in a direction: growing steps, then halving.
    mutating func edge(_ direction: Double) -> Double {
        let bounds = law.form.coordinates[j]
        var inner = (place: law.theta[j], theta: law.theta)
        var step = 0.02 * max(0.05, law.theta[j].magnitude)
        var outer: Double?
        while outer == nil {
            let place = max(bounds.lower, min(bounds.upper, inner.place + direction * step))
            guard place != inner.place, let next = value(place, from: inner.theta) else {
                return direction * .infinity
            }
            if next.value > limit {
                outer = place
            } else {
                inner = (place, next.theta)
                step *= 1.6
            }
        }
        guard var beyond = outer else { return direction * .infinity }
        for _ in 0..<40 where (beyond - inner.place).magnitude > 1e-9 * max(1, beyond.magnitude) {
            let middle = 0.5 * (beyond + inner.place)
            guard let next = value(middle, from: inner.theta) else { break }
            if next.value > limit { beyond = middle } else { inner = (middle, next.theta) }
        }
        return 0.5 * (beyond + inner.place)
    }
}
