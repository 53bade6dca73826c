/// A decay that begins as an exponential and ends as a power law: y = E + A (1 + x/(βτ))^(−β).
///
/// For x below τ it is A exp(−x/τ), beyond βτ it falls as x^(−β); β → ∞ is the exponential itself.
/// Our choice, for learning curves of two-layer networks whose tail goes from the one to the other.
package struct ExponentialToPower: SeparableForm {
    /// `exponential-to-power`.
    package let name = "exponential-to-power"
    /// The law as text.
    package let formula = "E + A·(1 + x/(beta·tau))^-beta"
    /// One input.
    package let inputs = ["x"]
    /// E and A.
    package let linear = ["E", "A"]
    /// Both positive.
    package let signs = [1.0, 1.0]
    /// The logarithms of β and of τ in the unit of x.
    package let nonlinear = [LawCoordinate("beta", -5, 14), LawCoordinate("tau", -60, 60)]
    /// E, A, β, τ.
    package let parameters = [
        LawParameter("E", "floor", unit: "y"), LawParameter("A", "height at the start", unit: "y"),
        LawParameter("beta", "exponent of the tail"),
        LawParameter("tau", "time of the first decay", unit: "x"),
    ]

    /// The form.
    package init() {}

    /// g = −β log(1 + x/(βτ)).
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let n = points.count
        let beta = Elementary.exp(eta[0])
        if order == 2 { basis.reserveCurvatures(terms: 2, eta: 2, points: n) }
        for i in 0..<n where weights[i] != 0 {
            let z = Elementary.exp(points.logs[0][i] - eta[0] - eta[1])
            let g = -beta * Elementary.log1p(z)
            basis.logs[n + i] = g
            if order == 0 { continue }
            let share = z / (1 + z)
            basis.slopes[2 * n + i] = g + beta * share
            basis.slopes[3 * n + i] = beta * share
            if order == 1 { continue }
            basis.curvatures[3 * n + i] = g + beta * share + beta * share * share
            basis.curvatures[4 * n + i] = beta * share * share
            basis.curvatures[5 * n + i] = -beta * share / (1 + z)
        }
    }

    /// Tails by times across the inputs.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        let (low, high) = (points.logs[0].min() ?? 0, points.logs[0].max() ?? 0)
        let step = (high - low + 3) / 11
        var grid: [[Double]] = []
        for beta in [-1.6, -0.7, 0, 0.7, 1.6, 3, 5] {
            for place in 0..<12 { grid.append([beta, low - 2 + step * Double(place)]) }
        }
        return grid
    }

    /// E and A in the unit of y, τ in that of x.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        [
            theta[0] * scale.y, theta[1] * scale.y, Elementary.exp(theta[2]),
            Elementary.exp(theta[3] + scale.inputs[0]),
        ]
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        [
            natural[0] / scale.y, natural[1] / scale.y, Elementary.log(natural[2]),
            Elementary.log(natural[3]) - scale.inputs[0],
        ]
    }
}
