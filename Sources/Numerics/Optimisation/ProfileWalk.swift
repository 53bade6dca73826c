/// Minima of the objective plus ½ K (g − c)² for moving c.
///
/// Whatever K and c are, such a minimum is the least objective for its own g: it lies on the profile. So g
/// can be any function of the coordinates, and no equation g = c has to be solved.
struct ProfileWalk {
    /// A minimum: where it pulled to, where it came to, and how high it lies (1 at an interval's end).
    private struct Stop {
        let center, place, height: Double
        let theta: [Double]
    }

    /// Stiffness of the pull, against that of the objective itself.
    private static let stiffness = 30.0

    private var problem: LawProblem
    private let law: FittedLaw
    private let descent: NewtonDescent
    private let function: LawFunction
    private let cost = SmoothCost(delta: .infinity)
    /// The optimum's own smooth objective, and how much it rises up to an interval's end.
    private let least, rise: Double
    /// The smooth objective's unit as people state it.
    private let unit: Double
    /// How far g should move up to an interval's end, were the law linear.
    private let reach: Double
    private let start: Stop
    /// Every minimum: the quantity and the objective there.
    private(set) var visited: [(place: Double, objective: Double)]

    init(
        _ law: FittedLaw, _ points: LawPoints, _ function: LawFunction,
        _ rise: ProfileInterval.Rise
    ) {
        self.law = law
        self.function = function
        problem = LawProblem(
            form: law.form,
            points: ScaledPoints(x: points.x, y: points.y, scale: law.scale),
            weights: points.weights, objective: law.objective, held: law.held)
        problem.constraints = law.constraints
        descent = NewtonDescent(problem)
        let scale = law.objective.isLinear ? law.scale.y * law.scale.y : 1
        unit = 2 * scale
        self.rise = rise.squares / unit
        least = problem.value(law.theta, cost)
        let place = function.value(law.theta)
        let expected = (rise.squares * rise.independent).squareRoot()
        reach = expected > 0 ? expected : 0.01 * max(0.01, place.magnitude)
        start = Stop(center: place, place: place, height: 0, theta: law.theta)
        visited = [(place, least * unit)]
    }

    /// The minimum for a center; `nil` where the descent does not converge.
    private mutating func stop(at center: Double, from theta: [Double]) -> Stop? {
        let variance = reach * reach / (2 * rise)
        let pull = SoftConstraint(
            function, center: center, strength: ProfileWalk.stiffness / variance)
        problem.constraints = law.constraints + [pull]
        defer { problem.constraints = law.constraints }
        let end = descent.run(&problem, from: theta, stages: [cost], limit: 80)
        guard end.scaledGradient < 1e-5 else { return nil }
        let place = function.value(end.theta)
        let value = end.value - pull.value(end.theta, cost)
        guard place.isFinite, value.isFinite else { return nil }
        visited.append((place, value * unit))
        return Stop(
            center: center, place: place,
            height: (max(0, value - least) / rise).squareRoot(), theta: end.theta)
    }

    /// Where the objective has risen to the interval's end; infinite where it never does.
    ///
    /// The side is open where two steps in a row go more than three times as far out, and climb less than
    /// half as much as the step before: at that rate all further ones would not climb to the end. The
    /// quantity runs away, and the law stays as it is.
    mutating func end(_ direction: Double) -> Double {
        var inner = start
        var step = 0.3 * reach
        var (hindrances, stalls) = (0, 0)
        var before = 0.0
        for _ in 0..<40 {
            guard let next = stop(at: inner.center + direction * step, from: inner.theta) else {
                hindrances += 1
                if hindrances > 6 { break }
                step *= 0.3
                continue
            }
            if next.height >= 1 { return root(inner, next) }
            if isAtBound(next) && hasStood(inner, next) { return next.place }
            let slope = (next.height - inner.height) / (next.center - inner.center).magnitude
            let far = (next.center - start.center).magnitude
            if far > 1e5 * reach { break }
            let isFar = far > 3 * (inner.center - start.center).magnitude
            let climb = next.height - inner.height
            let isLevel = climb <= 0.5 * before && climb < 1 - next.height
            stalls = isFar && isLevel ? stalls + 1 : 0
            if stalls == 2 { break }
            before = climb
            step = slope > 0 ? min(1.1 * (1 - next.height) / slope, 3 * far) : 3 * far
            inner = next
        }
        return direction * .infinity
    }

    private func hasStood(_ inner: Stop, _ next: Stop) -> Bool {
        (next.place - inner.place).magnitude < 1e-6 * (next.center - inner.center).magnitude
    }

    private func isAtBound(_ stop: Stop) -> Bool {
        let coordinates = law.form.coordinates
        return stop.theta.indices.contains { j in
            !law.held[j]
                && (stop.theta[j] <= coordinates[j].lower || stop.theta[j] >= coordinates[j].upper)
        }
    }

    /// The place of height 1 between two stops, by false positions with the weights of Illinois.
    private mutating func root(_ first: Stop, _ second: Stop) -> Double {
        var (inner, outer) = (first, second)
        var (below, above) = (1 - inner.height, outer.height - 1)
        for _ in 0..<60 {
            if above <= 1e-8 { return outer.place }
            if below <= 1e-8 { return inner.place }
            let center = inner.center + (outer.center - inner.center) * below / (below + above)
            guard center != inner.center, center != outer.center,
                let next = stop(at: center, from: inner.theta)
            else { break }
            if next.height < 1 {
                inner = next
                below = 1 - next.height
                above *= 0.5
            } else {
                outer = next
                above = next.height - 1
                below *= 0.5
            }
        }
        let share = (1 - inner.height) / (outer.height - inner.height)
        return inner.place + (outer.place - inner.place) * share
    }

    /// Visits places between the optimum and the ends, for a drawing.
    mutating func trace(from low: Double, to high: Double) {
        for end in [low, high] where end.isFinite {
            var theta = start.theta
            for part in 1...6 {
                let center = start.place + (end - start.place) * Double(part) / 7
                guard let next = stop(at: center, from: theta) else { break }
                theta = next.theta
            }
        }
    }
}
