/// Fits a form to points.
///
/// Candidates of the form are screened by the objective, the best that differ are descended from,
/// and the best end is certified. Everything is deterministic: the same points in the same order
/// give the same bits everywhere.
package struct LawFitter: Sendable {
    /// The form.
    package let form: any LawForm
    /// What is minimised.
    package let objective: LawObjective
    /// At most so many descents.
    package let starts: Int
    /// Natural parameters that are held.
    package let fixed: [String: Double]
    /// What is known of natural parameters before the fit.
    package var priors: [LawPrior] = []
    /// The size of a residual, to which priors are weighed; `nil` to take that of the fit, in three rounds.
    package var residualSize: Double?

    /// Names a fit.
    package init(
        _ form: any LawForm, _ objective: LawObjective, starts: Int = 6,
        fixed: [String: Double] = [:]
    ) {
        self.form = form.fitted(in: objective.space)
        self.objective = objective
        self.starts = starts
        self.fixed = fixed
    }

    /// The best law.
    ///
    /// `x` has a column for each input of the form, all positive but for formulas; y is what the objective
    /// admits; weights are at least 0. Cost: the form's candidates once each, then some tens of evaluations
    /// with slopes for each start.
    /// - Throws: ``LawRefusal``.
    package func fit(
        x: [[Double]], y: [Double], weights: [Double]? = nil
    ) throws(LawRefusal) -> FittedLaw {
        try check(x, y)
        let points = ScaledPoints(x: x, y: y, scale: form.units(x: x, y: y))
        let weights = weights ?? y.map { _ in 1 }
        if priors.isEmpty { return try search(points, weights, residualSize: nil) }
        if let residualSize {
            return try search(points, weights, residualSize: residualSize)
        }
        var law = try search(points, weights, residualSize: nil)
        for _ in 0..<3 where law.residualSize > 0 {
            law = try search(points, weights, residualSize: law.residualSize)
        }
        return law
    }

    /// The priors as terms of a problem, for residuals of a size.
    package func constraints(_ scale: LawScale, residualSize: Double?) -> [SoftConstraint] {
        guard let residualSize else { return [] }
        return priors.compactMap { prior in
            fixed[prior.name] == nil
                ? prior.constraint(form, scale, size: residualSize, objective) : nil
        }
    }

    /// Screens, descends, certifies.
    private func search(
        _ points: ScaledPoints, _ weights: [Double], residualSize: Double?
    ) throws(LawRefusal) -> FittedLaw {
        let (held, values) = try holding(points.scale)
        var problem = LawProblem(
            form: form, points: points, weights: weights, objective: objective, held: held)
        problem.constraints = constraints(points.scale, residualSize: residualSize)
        let chosen = screen(&problem, points, weights, held, values)
        var ends: [(start: [Double], end: NewtonDescent.End)] = []
        for start in chosen.starts {
            let end = descend(&problem, from: start)
            if end.value.isFinite { ends.append((start, end)) }
        }
        // The way over squares may lead every start into one valley; others are found without it.
        for start in chosen.direct {
            let end = NewtonDescent(problem).run(
                &problem, from: start, stages: problem.stages(from: 0))
            if end.scaledGradient < 1e-6 && end.isMinimum { ends.append((start, end)) }
        }
        if let first = ends.min(by: { $0.end.value < $1.end.value }) {
            for start in form.alternatives(to: first.end.theta, points.scale) {
                let end = descend(&problem, from: start)
                if end.value < first.end.value { ends.append((start, end)) }
            }
        }
        guard let best = ends.min(by: { $0.end.value < $1.end.value }) else {
            throw .noCandidate(form: form.name, screened: chosen.screened)
        }
        // What rounding of residuals leaves of an exact fit.
        let floor = objective.loss == .absolute ? 1e-15 : 1e-24
        let tolerance = 1e-6 * best.end.value + floor
        var law = try certify(
            &problem, best.start, best.end,
            LawSearch(
                starts: ends.count,
                agreeing: ends.count { $0.end.value - best.end.value <= tolerance },
                screened: chosen.screened,
                others: others(ends.map { $0.end }, best.end, points.scale)))
        law.priorSize = residualSize
        law.constraints = problem.constraints
        return law
    }

    /// Other minima whose objective is within 1 % of the best one's, each once, the lowest first.
    private func others(
        _ ends: [NewtonDescent.End], _ best: NewtonDescent.End, _ scale: LawScale
    ) -> [LawMinimum] {
        func isSame(_ a: [Double], _ b: [Double]) -> Bool {
            zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-3 * max(1e-3, $0.magnitude) }
        }
        var found: [NewtonDescent.End] = []
        for end in ends.sorted(by: { $0.value < $1.value })
        where end.scaledGradient < 1e-6 && end.isMinimum && end.value <= 1.01 * best.value
            && !isSame(end.theta, best.theta)
            && !found.contains(where: { isSame($0.theta, end.theta) })
        {
            found.append(end)
        }
        return found.map {
            LawMinimum(
                natural: form.natural($0.theta, scale), excess: $0.value / best.value - 1)
        }
    }

    /// The law that `natural` describe, certified anew: descended to from there alone.
    ///
    /// For laws that are read from a file, with the units and points of their fit.
    /// - Throws: ``LawRefusal`` where that is no optimum.
    package func restore(
        _ natural: [Double], _ scale: LawScale, _ points: LawPoints
    ) throws(LawRefusal) -> FittedLaw {
        let (held, _) = try holding(scale)
        var problem = LawProblem(
            form: form, points: ScaledPoints(x: points.x, y: points.y, scale: scale),
            weights: points.weights, objective: objective, held: held)
        problem.constraints = constraints(scale, residualSize: residualSize)
        let start = form.coordinates(of: natural, scale)
        let end = descend(&problem, from: start)
        var law = try certify(
            &problem, start, end, LawSearch(starts: 1, agreeing: 1, screened: 0, others: []))
        law.priorSize = priors.isEmpty ? nil : residualSize
        law.constraints = problem.constraints
        return law
    }

    /// Least squares first, then the loss itself.
    func descend(
        _ problem: inout LawProblem, from start: [Double]
    ) -> NewtonDescent.End {
        let descent = NewtonDescent(problem)
        if objective.loss == .squares {
            return descent.run(&problem, from: start, stages: [SmoothCost(delta: .infinity)])
        }
        let smooth = descent.run(
            &problem, from: start, stages: [SmoothCost(delta: .infinity)], limit: 40)
        return descent.run(
            &problem, from: smooth.theta,
            stages: problem.stages(from: problem.spread(smooth.theta)))
    }

    private func check(_ x: [[Double]], _ y: [Double]) throws(LawRefusal) {
        precondition(x.count == form.inputs.count, "\(x.count) columns for \(form.inputs)")
        for row in y.indices {
            guard objective.admits(y[row]), y[row].isFinite else {
                throw .outOfRange(
                    row: row, column: "y", value: y[row], expected: objective.admitted)
            }
            for (input, column) in zip(form.inputs, x) {
                if form.takesPositiveInputsOnly ? column[row] > 0 : column[row].isFinite {
                    continue
                }
                throw .outOfRange(
                    row: row, column: input, value: column[row],
                    expected: form.takesPositiveInputsOnly
                        ? "a positive number" : "a finite number")
            }
            if let level = form.chance, y[row] >= level {
                throw .outOfRange(
                    row: row, column: "y", value: y[row],
                    expected: "less than the chance level \(level)")
            }
        }
        if let lost = form.undefined(x) { throw lost }
        let needed = form.count - fixed.count - priors.count
        var found: Set<[Double]> = []
        for row in y.indices where found.count < needed { found.insert(x.map { $0[row] }) }
        guard found.count >= needed else {
            throw .tooFewPoints(form: form.name, expected: needed, found: found.count)
        }
    }

    /// Which coordinates are held, and where.
    private func holding(_ scale: LawScale) throws(LawRefusal) -> ([Bool], [Double]) {
        let names = form.parameters.map { $0.name }
        for parameter in form.parameters where fixed[parameter.name] != nil {
            guard parameter.needs.allSatisfy({ fixed[$0] != nil }) else {
                throw .cannotHold(parameter: parameter.name, needs: parameter.needs)
            }
        }
        let natural = names.map { fixed[$0] ?? 1 }
        return (
            names.map { fixed[$0] != nil },
            fixed.isEmpty ? natural : form.coordinates(of: natural, scale)
        )
    }

    /// Where descents begin, and how many candidates were looked at.
    private struct Screening {
        /// The best candidates by squares, from which descents go over squares to the loss itself.
        var starts: [[Double]] = []
        /// The best candidates by Huber's loss, from which descents go straight; empty for other losses.
        var direct: [[Double]] = []
        var screened = 0
    }

    /// The best candidates that differ from one another.
    private func screen(
        _ problem: inout LawProblem, _ points: ScaledPoints, _ weights: [Double], _ held: [Bool],
        _ values: [Double]
    ) -> Screening {
        let isRelative = !objective.isLinear && points.y.allSatisfy { $0 > 0 }
        var candidates = form.starts(points, weights: weights, isRelative: isRelative)
        for place in candidates.indices {
            for j in values.indices where held[j] { candidates[place][j] = values[j] }
        }
        var screening = Screening(screened: candidates.count)
        screening.starts = best(candidates, &problem, SmoothCost(delta: .infinity))
        if case .huber = objective.loss, let own = problem.stages(from: 0).last {
            screening.direct = best(candidates, &problem, own)
        }
        return screening
    }

    /// At most `starts` candidates with the least cost that differ from one another.
    private func best(
        _ candidates: [[Double]], _ problem: inout LawProblem, _ cost: SmoothCost
    ) -> [[Double]] {
        var ranked: [(value: Double, theta: [Double])] = []
        for theta in candidates {
            let value = problem.value(theta, cost)
            if value.isFinite { ranked.append((value, theta)) }
        }
        // Sorted by value, ties by the order of the grid: nothing depends on a sort's stability.
        let order = ranked.indices.sorted {
            (ranked[$0].value, $0) < (ranked[$1].value, $1)
        }
        var chosen: [[Double]] = []
        let first = form.linearCount
        for place in order where chosen.count < starts {
            let theta = ranked[place].theta
            let isNew = chosen.allSatisfy { known in
                (first..<theta.count).contains { j in
                    (known[j] - theta[j]).magnitude
                        > 0.3 * max(0.2, known[j].magnitude, theta[j].magnitude)
                }
            }
            if isNew || first == theta.count { chosen.append(theta) }
        }
        return chosen
    }

    /// Checks an end and wraps it.
    private func certify(
        _ problem: inout LawProblem, _ start: [Double], _ end: NewtonDescent.End,
        _ search: LawSearch
    ) throws(LawRefusal) -> FittedLaw {
        let coordinates = form.coordinates
        let edge = coordinates.indices.filter { j in
            !problem.held[j]
                && (end.theta[j] >= coordinates[j].upper && !coordinates[j].isUpperBoundMeant
                    || end.theta[j] <= coordinates[j].lower && !coordinates[j].isLowerBoundMeant)
        }
        guard edge.isEmpty else {
            throw .noInteriorMinimum(
                form: form.name, parameters: edge.map { coordinates[$0].name })
        }
        let bound = coordinates.indices.filter { j in
            !problem.held[j]
                && (end.theta[j] <= coordinates[j].lower || end.theta[j] >= coordinates[j].upper)
        }
        let (residuals, slopes) = problem.residuals(end.theta)
        let free = coordinates.indices.filter { !problem.held[$0] && !bound.contains($0) }
        let (condition, direction) = conditioning(slopes, problem, end.theta, free)
        let weakest = zip(free, direction).sorted { $0.1.magnitude > $1.1.magnitude }
            .filter { $0.1.magnitude > 0.2 }.map { coordinates[$0.0].name }
        guard condition < 1e13 else {
            var moved = [Double](repeating: 0, count: form.count)
            for (j, part) in zip(free, direction) { moved[j] = part / size(of: j, slopes) }
            let told = form.moves(moved, at: end.theta, problem.points.scale)
            throw .unidentifiable(
                form: form.name, condition: condition, parameters: weakest,
                combinations: LawMove.combinations(told))
        }
        var natural = form.natural(end.theta, problem.points.scale)
        for (place, parameter) in form.parameters.enumerated() {
            if let value = fixed[parameter.name] { natural[place] = value }
        }
        guard natural.allSatisfy({ $0.isFinite }) else {
            let lost = zip(form.parameters, natural).filter { !$0.1.isFinite }
            throw .overflow(form: form.name, parameters: lost.map { $0.0.name })
        }
        guard end.scaledGradient < 1e-6 else {
            throw .notConverged(
                form: form.name, parameter: coordinates[end.steepest].name,
                scaledGradient: end.scaledGradient)
        }
        let value = problem.stated(end.theta)
        return FittedLaw(
            form: form, objective: objective, scale: problem.points.scale, theta: end.theta,
            natural: natural, value: value,
            residuals: residuals, slopes: slopes, held: problem.held,
            certificate: LawCertificate(
                scaledGradient: end.scaledGradient, condition: condition, weakest: weakest,
                search: search,
                atBound: bound.map { coordinates[$0].name }, iterations: end.iterations,
                evaluations: problem.evaluations,
                didMove: end.theta != start || end.firstGradient < 1e-6,
                isMinimum: end.isMinimum))
    }

    /// The length of a column of slopes, by which a direction with a unit diagonal is divided.
    private func size(of coordinate: Int, _ slopes: [Double]) -> Double {
        let p = form.count
        var sum = 0.0
        for row in stride(from: coordinate, to: slopes.count, by: p) {
            sum += slopes[row] * slopes[row]
        }
        return sum > 0 ? sum.squareRoot() : 1
    }

    /// The condition number of the model matrix with a unit diagonal, and its weakest direction.
    private func conditioning(
        _ slopes: [Double], _ problem: LawProblem, _ theta: [Double], _ free: [Int]
    ) -> (Double, [Double]) {
        let weights = problem.weights
        let (p, size) = (form.count, free.count)
        if size == 0 { return (1, []) }
        var matrix = [Double](repeating: 0, count: size * size)
        for i in weights.indices {
            for (a, j) in free.enumerated() {
                let one = weights[i] * slopes[i * p + j]
                if one == 0 { continue }
                for (b, k) in free.enumerated() {
                    matrix[a * size + b] += one * slopes[i * p + k]
                }
            }
        }
        let unit = objective.isLinear ? problem.points.scale.y : 1
        for constraint in problem.constraints {
            let bends = constraint.model(theta, held: problem.held)
            for (a, j) in free.enumerated() {
                for (b, k) in free.enumerated() {
                    matrix[a * size + b] += unit * unit * bends[j * p + k]
                }
            }
        }
        let diagonal = (0..<size).map { matrix[$0 * size + $0].squareRoot() }
        for a in 0..<size {
            for b in 0..<size {
                let scale = diagonal[a] * diagonal[b]
                matrix[a * size + b] = scale > 0 ? matrix[a * size + b] / scale : 0
            }
        }
        let eigen = SymmetricEigen.decompose(matrix, size)
        let least = max(eigen.values[0], 0)
        return (least > 0 ? eigen.values[size - 1] / least : .infinity, eigen.vectors[0])
    }
}
