/// The objective of one fit as a function of the coordinates, with gradient and curvature.
package struct LawProblem {
    let form: any LawForm
    private let of: ObjectivePoints
    /// Coordinates that are held.
    let held: [Bool]
    /// Terms beside those of the points.
    var constraints: [SoftConstraint] = []
    private let blocks: LawBlocks
    private var sums: any ObjectiveSums
    /// How often the form was evaluated at all points.
    private(set) var evaluations = 0

    var points: ScaledPoints { of.points }
    /// Weights of the points; rows of weight 0 cost nothing.
    var weights: [Double] { of.weights }
    var objective: LawObjective { of.objective }
    private var targets: [Double] { of.targets }
    private var unit: Double { of.unit }

    /// The coordinates in an order that leaves the curvature as sparse as it is when they are eliminated.
    var order: [Int] { blocks.order }

    /// F, its gradient, its curvature, and the matrix of iterated least squares.
    package struct Derivatives {
        /// F.
        package internal(set) var value = 0.0
        /// Its slopes, `[p]`.
        package internal(set) var gradient: [Double]
        /// Σ w (|ρ′| + ε) |T′ ∂f|, to which the gradient is compared.
        ///
        /// ε is 10⁻⁷, for residuals below that are none, or what ρ′ makes of 10⁷ times the rounding of T: |r|
        /// turns from −1 to 1 within 10⁻⁹.
        package internal(set) var size: [Double]
        /// Its own second derivatives, `[p, p]`.
        package internal(set) var curvature: [Double]
        /// The matrix of iterated least squares, `[p, p]`.
        package internal(set) var model: [Double]

        /// All 0, for so many coordinates.
        init(count p: Int) {
            gradient = [Double](repeating: 0, count: p)
            size = gradient
            curvature = [Double](repeating: 0, count: p * p)
            model = curvature
        }
    }

    init(
        form: any LawForm, points: ScaledPoints, weights: [Double], objective: LawObjective,
        held: [Bool]
    ) {
        self.form = form
        self.held = held
        of = ObjectivePoints(points, weights: weights, objective)
        blocks = form.blocks(points)
        sums = form.sums(of)
    }

    /// F at θ; infinite where the law is not defined or not positive enough for T.
    mutating func value(_ theta: [Double], _ cost: SmoothCost) -> Double {
        evaluations += 1
        var sum = sums.value(theta, cost)
        for constraint in constraints { sum += constraint.value(theta, cost) }
        return sum.isNaN ? .infinity : sum
    }

    /// F and everything that a step needs.
    mutating func derivatives(_ theta: [Double], _ cost: SmoothCost) -> Derivatives {
        evaluations += 1
        var all = sums.derivatives(theta, cost)
        for constraint in constraints { constraint.add(theta, cost, held: held, to: &all) }
        return all
    }

    /// Residuals T(f) − T(y) in natural units, and ∂T(f)/∂θ, `[n, p]`.
    func residuals(_ theta: [Double]) -> (residuals: [Double], slopes: [Double]) {
        var values = LawValues(form, points)
        form.evaluate(
            theta, points, weights: weights.map { _ in 1 }, slopes: true, into: &values)
        let p = theta.count
        let scale = objective.isLinear ? unit : 1
        var slopes = values.blocks.spread(values.slopes, over: p)
        var residuals = targets
        for i in targets.indices {
            let t = objective.slopes(values.f[i], unit)
            residuals[i] = scale * (objective.transform(values.f[i], unit) - targets[i])
            for j in 0..<p { slopes[i * p + j] *= scale * t.first }
        }
        return (residuals, slopes)
    }

    /// The points' objective as people state it: in natural units, with its own δ, without constraints.
    func stated(_ theta: [Double]) -> Double {
        let all = residuals(theta).residuals
        return zip(all, weights).reduce(0.0) { $0 + $1.1 * objective.cost($1.0) }
    }

    /// The smooth costs that a descent goes through: least squares, then ever closer to the loss.
    ///
    /// |r| is reached as Huber's loss with δ = 10⁻⁹: what is left out is at most ½ n δ.
    func stages(from spread: Double) -> [SmoothCost] {
        let last: Double
        switch objective.loss {
        case .squares: return [SmoothCost(delta: .infinity)]
        case .huber(let delta): last = objective.isLinear ? delta / unit : delta
        case .absolute: last = 1e-9
        }
        var stages: [SmoothCost] = []
        var delta = spread
        while delta > last * 1.5 {
            stages.append(SmoothCost(delta: delta))
            delta *= objective.loss == .absolute ? 0.15 : 0.3
        }
        return stages + [SmoothCost(delta: last)]
    }

    /// Half the median of |r| at θ, in the scaled space: where Huber's δ starts.
    func spread(_ theta: [Double]) -> Double {
        var values = LawValues(form, points)
        form.evaluate(theta, points, weights: weights, slopes: false, into: &values)
        var sizes: [Double] = []
        for i in targets.indices where weights[i] != 0 {
            sizes.append(
                (objective.transform(values.f[i], unit) - targets[i]).magnitude)
        }
        sizes.sort()
        return sizes.isEmpty ? 0 : sizes[sizes.count / 2]
    }
}
