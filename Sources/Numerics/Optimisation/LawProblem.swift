/// The objective of one fit as a function of the coordinates, with gradient and curvature.
struct LawProblem {
    let form: any LawForm
    let points: ScaledPoints
    /// Weights of the points; rows of weight 0 cost nothing.
    let weights: [Double]
    let objective: LawObjective
    /// Coordinates that are held.
    let held: [Bool]
    /// Terms beside those of the points.
    var constraints: [SoftConstraint] = []
    /// T(y).
    private let targets: [Double]
    /// The unit of y, where the space of residuals needs it.
    private let unit: Double
    private var values: LawValues
    /// T(f) at every point.
    private var transformed: [Double]
    /// How often the form was evaluated at all points.
    private(set) var evaluations = 0

    /// F, its gradient, its curvature, and the matrix of iterated least squares.
    struct Derivatives {
        var value = 0.0
        var gradient: [Double]
        /// Σ w (|ρ′| + ε) |T′ ∂f|, to which the gradient is compared.
        ///
        /// ε is 10⁻⁷, for residuals below that are none, or what ρ′ makes of 10⁷ times the rounding of T: |r|
        /// turns from −1 to 1 within 10⁻⁹.
        var size: [Double]
        var curvature: [Double]
        var model: [Double]
    }

    init(
        form: any LawForm, points: ScaledPoints, weights: [Double], objective: LawObjective,
        held: [Bool]
    ) {
        self.form = form
        self.points = points
        self.weights = weights
        self.objective = objective
        self.held = held
        let unit = points.scale.y
        self.unit = unit
        targets = points.y.map { objective.transform($0, unit) }
        transformed = targets
        values = LawValues(points: points.count, coordinates: form.count)
    }

    /// F at θ; infinite where the law is not defined or not positive enough for T.
    mutating func value(_ theta: [Double], _ cost: SmoothCost) -> Double {
        evaluations += 1
        form.evaluate(theta, points, weights: weights, slopes: false, into: &values)
        objective.transform(values.f, unit, into: &transformed)
        var sum = 0.0
        for i in targets.indices where weights[i] != 0 {
            sum += weights[i] * cost.value(transformed[i] - targets[i])
        }
        for constraint in constraints { sum += constraint.value(theta, cost) }
        return sum.isNaN ? .infinity : sum
    }

    /// F and everything that a step needs.
    mutating func derivatives(_ theta: [Double], _ cost: SmoothCost) -> Derivatives {
        evaluations += 1
        let p = theta.count
        form.evaluate(theta, points, weights: weights, slopes: true, into: &values)
        var gradient = [Double](repeating: 0, count: p)
        var sizes = gradient
        var curvature = [Double](repeating: 0, count: p * p)
        var model = curvature
        var bends = [Double](repeating: 0, count: targets.count)
        var sum = 0.0
        objective.transform(values.f, unit, into: &transformed)
        for i in targets.indices where weights[i] != 0 {
            let w = weights[i]
            let t = objective.slopes(values.f[i], unit)
            let r = transformed[i] - targets[i]
            let rho = cost.slopes(r)
            sum += w * cost.value(r)
            let bend = w * rho.first * t.first
            bends[i] = bend
            let second = w * (rho.second * t.first * t.first + rho.first * t.second)
            let weight = w * rho.weight * t.first * t.first
            let rounding = rho.second * 2.3e-9 * (1 + targets[i].magnitude)
            let size = (w * (rho.first.magnitude + max(1e-7, rounding)) * t.first).magnitude
            let row = i * p
            for j in 0..<p {
                let slope = values.slopes[row + j]
                gradient[j] += bend * slope
                sizes[j] += size * slope.magnitude
                let (a, b) = (second * slope, weight * slope)
                for k in 0...j {
                    let other = values.slopes[row + k]
                    curvature[j * p + k] += a * other
                    model[j * p + k] += b * other
                }
            }
        }
        for j in 0..<p {
            for k in 0..<j {
                curvature[k * p + j] = curvature[j * p + k]
                model[k * p + j] = model[j * p + k]
            }
        }
        form.addCurvature(theta, points, weights: bends, values: values, into: &curvature)
        var sums = Derivatives(
            value: sum, gradient: gradient, size: sizes, curvature: curvature, model: model)
        for constraint in constraints { constraint.add(theta, cost, held: held, to: &sums) }
        return sums
    }

    /// Residuals T(f) − T(y) in natural units, and ∂T(f)/∂θ, `[n, p]`.
    mutating func residuals(_ theta: [Double]) -> (residuals: [Double], slopes: [Double]) {
        form.evaluate(
            theta, points, weights: weights.map { _ in 1 }, slopes: true, into: &values)
        let p = theta.count
        let scale = objective.isLinear ? unit : 1
        var slopes = values.slopes
        var residuals = targets
        for i in targets.indices {
            let t = objective.slopes(values.f[i], unit)
            residuals[i] = scale * (objective.transform(values.f[i], unit) - targets[i])
            for j in 0..<p { slopes[i * p + j] *= scale * t.first }
        }
        return (residuals, slopes)
    }

    /// The points' objective as people state it: in natural units, with its own δ, without constraints.
    mutating func stated(_ theta: [Double]) -> Double {
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
    mutating func spread(_ theta: [Double]) -> Double {
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
