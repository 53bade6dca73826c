/// A term ½ K (g(θ) − c)² beside the points: what a normal prior costs, or what pulls a profile along.
///
/// K is in the units of ``SmoothCost``, whose stages divide Huber's loss by their δ: so does a term that
/// belongs to squares, and one that belongs to absolute residuals stays as it is.
package struct SoftConstraint: Sendable {
    /// The loss that the strength is stated for.
    package enum Scale: Sendable {
        /// Squares, and Huber's loss: σ²/τ² for residuals with deviation σ, and a prior with deviation τ.
        case squares
        /// Absolute residuals: b/τ² for residuals with mean size b.
        case absolute
    }

    /// g.
    package let function: LawFunction
    /// c.
    package let center: Double
    /// K, where the cost is ½ r² or |r|.
    package let strength: Double
    /// What K is stated for.
    package let scale: Scale

    /// States a term.
    package init(
        _ function: LawFunction, center: Double, strength: Double, scale: Scale = .squares
    ) {
        self.function = function
        self.center = center
        self.strength = strength
        self.scale = scale
    }

    /// K at a stage of a descent.
    private func strength(_ cost: SmoothCost) -> Double {
        scale == .absolute || cost.delta == .infinity ? strength : strength / cost.delta
    }

    /// The term at θ.
    func value(_ theta: [Double], _ cost: SmoothCost) -> Double {
        let distance = function.value(theta) - center
        return 0.5 * strength(cost) * distance * distance
    }

    /// K g′g′ᵀ where the cost is ½ r² or |r|, `[p, p]`.
    func model(_ theta: [Double], held: [Bool]) -> [Double] {
        let slopes = function.derivatives(theta, held: held).slopes
        return slopes.flatMap { slope in slopes.map { strength * slope * $0 } }
    }

    /// Adds the term, its gradient K (g − c) g′, its curvature K (g′g′ᵀ + (g − c) g″), and K g′g′ᵀ.
    func add(
        _ theta: [Double], _ cost: SmoothCost, held: [Bool], to sums: inout LawProblem.Derivatives
    ) {
        let p = theta.count
        let strength = strength(cost)
        let distance = function.value(theta) - center
        let (slopes, bends) = function.derivatives(theta, held: held)
        sums.value += 0.5 * strength * distance * distance
        for j in 0..<p {
            sums.gradient[j] += strength * distance * slopes[j]
            sums.size[j] += strength * (distance.magnitude + 1e-7) * slopes[j].magnitude
            for k in 0..<p {
                let model = strength * slopes[j] * slopes[k]
                sums.model[j * p + k] += model
                sums.curvature[j * p + k] += model + strength * distance * bends[j * p + k]
            }
        }
    }
}
