/// Newton's method with damping and bounds, for a dozen coordinates.
///
/// A step solves (H + λ(M + ε diag M)) s = −g over the coordinates that are free: H is the exact
/// curvature, M the matrix of iterated least squares, which is positive and describes the problem's
/// own scales, so far from the optimum a step is one of Gauss and Newton (λ = 1), near it a step of
/// Newton (λ → 0). λ falls tenfold when the objective does, and grows when it does not. A coordinate
/// is held at a bound while the objective would fall beyond it.
///
/// Where rounding hides what a step does to the objective, the gradient judges it, ten times at most: with
/// steps for the value between them a descent could go round.
struct NewtonDescent {
    /// Where a descent ended.
    struct End {
        var theta: [Double]
        /// The smooth objective of the last stage.
        var value: Double
        var iterations: Int
        /// max |gⱼ| / Σ w |ρ′ T′ ∂ⱼf| over free coordinates.
        var scaledGradient: Double
        var isMinimum: Bool
        /// The coordinate along which the gradient is largest.
        var steepest = 0
        /// The scaled gradient at the start of the last stage.
        var firstGradient = 1.0
    }

    let lower: [Double]
    let upper: [Double]
    /// The order in which coordinates are eliminated.
    let order: [Int]

    /// A descent within a problem's bounds.
    init(_ problem: LawProblem) {
        let coordinates = problem.form.coordinates
        order = problem.order
        lower = coordinates.map { $0.lower }
        upper = coordinates.map { $0.upper }
    }

    /// Goes through all stages of an objective.
    ///
    /// Near an optimum of squares the first step is Newton's own, and a descent ends with the step that
    /// gains less than 10⁻¹²: steps then square what is left, so nothing that shows is behind it.
    ///
    /// - Parameters:
    ///   - problem: the objective; it counts its evaluations.
    ///   - start: where the descent begins.
    ///   - stages: the costs, the last of which is meant.
    ///   - limit: how many steps the last stage may take.
    ///   - isNear: whether the start is the optimum of points alike.
    /// - Returns: where the descent ended.
    func run(
        _ problem: inout LawProblem, from start: [Double], stages: [SmoothCost], limit: Int = 500,
        isNear: Bool = false
    ) -> End {
        var theta = start
        var iterations = 0
        for stage in stages.dropLast() {
            let end = descend(&problem, theta, stage, tolerance: 1e-7, limit: 30)
            theta = end.theta
            iterations += end.iterations
        }
        guard let last = stages.last else { preconditionFailure("a fit without a stage") }
        var end = descend(
            &problem, theta, last, tolerance: isNear ? 1e-12 : 1e-17, limit: limit,
            damping: isNear && last.delta == .infinity ? 0 : 1e-3)
        end.iterations += iterations
        return end
    }

    private func free(_ theta: [Double], _ gradient: [Double], _ held: [Bool]) -> [Int] {
        order.filter { j in
            !held[j] && !(theta[j] <= lower[j] && gradient[j] >= 0)
                && !(theta[j] >= upper[j] && gradient[j] <= 0)
        }
    }

    private func descend(
        _ problem: inout LawProblem, _ start: [Double], _ cost: SmoothCost, tolerance: Double,
        limit: Int, damping first: Double = 1e-3
    ) -> End {
        var theta = zip(start, zip(lower, upper)).map { max($1.0, min($1.1, $0)) }
        var here = problem.derivatives(theta, cost)
        let firstGradient = ratio(here, problem.held, theta)
        var damping = first
        var (iterations, judgedByGradient, isMinimum) = (0, 0, false)
        let p = theta.count
        search: while iterations < limit {
            iterations += 1
            let least = iterations == 1 ? 1e-3 : 1e-9
            let open = free(theta, here.gradient, problem.held)
            if open.isEmpty {
                isMinimum = true
                break
            }
            while true {
                guard let step = solve(here, open, damping, p) else {
                    damping = max(damping * 10, least)
                    if damping > 1e12 { break search }
                    continue
                }
                isMinimum = damping < 1e-6
                let (trial, predicted) = trial(theta, step, open, here.gradient)
                // Most steps are taken, so what the next one needs is computed with the value.
                let next = problem.derivatives(trial, cost)
                if next.value < here.value {
                    theta = trial
                    let gain = here.value - next.value
                    here = next
                    damping = damping < 1e-8 ? 0 : damping * 0.1
                    if max(gain, predicted) <= tolerance * here.value && isMinimum { break search }
                    break
                }
                // Below what rounding lets the objective show: judged by gradient.
                if predicted <= 1e-13 * here.value {
                    judgedByGradient += 1
                    let isFlatter =
                        ratio(next, problem.held, trial) < ratio(here, problem.held, theta)
                    if isFlatter && judgedByGradient < 10 {
                        theta = trial
                        here = next
                        damping = 0
                        if iterations < limit { break }
                    }
                    break search
                }
                damping = max(damping * 8, least)
                if damping > 1e12 { break search }
            }
        }
        return End(
            theta: theta, value: here.value, iterations: iterations,
            scaledGradient: ratio(here, problem.held, theta),
            isMinimum: isMinimum
                || solve(here, free(theta, here.gradient, problem.held), 1e-7, p) != nil,
            steepest: steepest(here, problem.held, theta), firstGradient: firstGradient)
    }

    /// Where a step leads within the bounds, and by how much it should lower the objective.
    private func trial(
        _ theta: [Double], _ step: [Double], _ open: [Int], _ gradient: [Double]
    ) -> (theta: [Double], predicted: Double) {
        var trial = theta
        var predicted = 0.0
        for (place, j) in open.enumerated() {
            trial[j] = max(lower[j], min(upper[j], theta[j] + step[place]))
            predicted -= 0.5 * gradient[j] * step[place]
        }
        return (trial, predicted)
    }

    private func steepest(
        _ here: LawProblem.Derivatives, _ held: [Bool], _ theta: [Double]
    ) -> Int {
        let open = free(theta, here.gradient, held)
        func ratio(_ j: Int) -> Double {
            here.size[j] > 0 ? here.gradient[j].magnitude / here.size[j] : 0
        }
        return open.max { ratio($0) < ratio($1) } ?? 0
    }

    /// The largest component of the gradient against the size of the sum that it is.
    private func ratio(
        _ here: LawProblem.Derivatives, _ held: [Bool], _ theta: [Double]
    ) -> Double {
        var largest = 0.0
        for j in free(theta, here.gradient, held) {
            let one = here.size[j] > 0 ? here.gradient[j].magnitude / here.size[j] : 0
            if !(one <= largest) { largest = one }
        }
        return largest
    }

    private func solve(
        _ here: LawProblem.Derivatives, _ open: [Int], _ damping: Double, _ p: Int
    ) -> [Double]? {
        let size = open.count
        var matrix = [Double](repeating: 0, count: size * size)
        var right = [Double](repeating: 0, count: size)
        var largest = 0.0
        for j in open { largest = max(largest, here.model[j * p + j]) }
        for (a, j) in open.enumerated() {
            right[a] = -here.gradient[j]
            for (b, k) in open.enumerated() {
                matrix[a * size + b] = here.curvature[j * p + k] + damping * here.model[j * p + k]
            }
            matrix[a * size + a] +=
                damping * (0.01 * here.model[j * p + j] + 1e-14 * largest)
        }
        return LinearSystem.solve(matrix, right)
    }
}
