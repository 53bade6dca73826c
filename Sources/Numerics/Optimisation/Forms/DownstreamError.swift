/// Gadre's law of downstream error: y = ε − k exp(−γ L), L the pre-training loss.
///
/// Gadre et al., arXiv 2403.08540, eq. 5.
package struct DownstreamError: SeparableForm {
    /// `downstream-error`.
    package let name = "downstream-error"
    /// The law as text.
    package let formula = "epsilon - k·exp(-gamma·L)"
    /// The loss.
    package let inputs = ["L"]
    /// ε and k.
    package let linear = ["epsilon", "k"]
    /// k is subtracted.
    package let signs = [1.0, -1.0]
    /// γ in units of 1/L.
    package let nonlinear = [LawCoordinate("gamma", 0, 200)]
    /// ε, k, γ.
    package let parameters = [
        LawParameter("epsilon", "error of a model that has learnt nothing", unit: "y"),
        LawParameter("k", "what training takes off", unit: "y"),
        LawParameter("gamma", "rate in the loss", unit: "1/L"),
    ]

    /// The form.
    package init() {}

    /// g = −γ L.
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let n = points.count
        for i in 0..<n where weights[i] != 0 {
            let x = Elementary.exp(points.logs[0][i])
            basis.logs[n + i] = -eta[0] * x
            if order >= 1 { basis.slopes[n + i] = -x }
        }
    }

    /// Rates from almost straight to steep.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        [0.05, 0.2, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20].map { [$0] }
    }

    /// ε and k in the unit of y, γ in that of 1/L.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        [theta[0] * scale.y, theta[1] * scale.y, theta[2] / Elementary.exp(scale.inputs[0])]
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        [natural[0] / scale.y, natural[1] / scale.y, natural[2] * Elementary.exp(scale.inputs[0])]
    }
}
