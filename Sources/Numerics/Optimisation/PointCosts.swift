/// What each point adds to an objective, and how that changes with f.
struct PointCosts {
    /// Σ w ρ.
    private(set) var value = 0.0
    /// w ρ′ T′, by which f is bent.
    private(set) var bends: [Double]
    /// The magnitude to which the gradient is compared.
    private(set) var sizes: [Double]
    /// w ∂²ρ/∂f².
    private(set) var seconds: [Double]
    /// The weight of iterated least squares.
    private(set) var squares: [Double]
    /// Which points count.
    private(set) var counts: [Bool]

    /// Computes them.
    ///
    /// - Parameters:
    ///   - f: the law.
    ///   - transformed: T(f).
    ///   - targets: T(y).
    ///   - weights: w; points of weight 0 do not count.
    ///   - objective: T.
    ///   - unit: the unit of y.
    ///   - cost: ρ.
    init(
        _ f: [Double], _ transformed: [Double], _ targets: [Double], _ weights: [Double],
        _ objective: LawObjective, unit: Double, _ cost: SmoothCost
    ) {
        bends = [Double](repeating: 0, count: f.count)
        (sizes, seconds, squares) = (bends, bends, bends)
        counts = weights.map { $0 != 0 }
        for i in f.indices where weights[i] != 0 {
            let w = weights[i]
            let t = objective.slopes(f[i], unit)
            let r = transformed[i] - targets[i]
            let rho = cost.slopes(r)
            value += w * cost.value(r)
            bends[i] = w * rho.first * t.first
            seconds[i] = w * (rho.second * t.first * t.first + rho.first * t.second)
            squares[i] = w * rho.weight * t.first * t.first
            let rounding = rho.second * 2.3e-9 * (1 + targets[i].magnitude)
            sizes[i] = (w * (rho.first.magnitude + max(1e-7, rounding)) * t.first).magnitude
        }
    }
}
