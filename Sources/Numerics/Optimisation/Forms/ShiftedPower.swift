/// M3: y = b (1/x + g)^c, a power law that saturates.
///
/// Zhai et al. and Bansal et al., as in Alabdulmohsin et al., arXiv 2209.06640, eq. 4.
package struct ShiftedPower: SeparableForm {
    /// `m3`.
    package let name = "m3"
    /// The law as text.
    package let formula = "b·(1/x + g)^c"
    /// One input.
    package let inputs = ["x"]
    /// b.
    package let linear = ["b"]
    /// c, and g in units of the least 1/x.
    package let nonlinear = [
        LawCoordinate("c", 0, 50), LawCoordinate("g", 0, 1e12, isLowerBoundMeant: true),
    ]
    /// b, c, g.
    package let parameters = [
        LawParameter("b", "prefactor", unit: "y·x^c", needs: ["c"]), LawParameter("c", "exponent"),
        LawParameter("g", "1/x at which the law saturates", unit: "1/x"),
    ]
    /// One positive term.
    package let signs = [1.0]

    /// The form.
    package init() {}

    /// g₁ = c·log(e^(−u) + G e^(−ū)), ū the largest input: G = 0 is a plain power law.
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let n = points.count
        let (c, saturation) = (eta[0], eta[1])
        if order == 2 { basis.reserveCurvatures(terms: 1, eta: 2, points: n) }
        for i in 0..<n where weights[i] != 0 {
            let u = points.logs[0][i]
            let w = Elementary.exp(u - points.scale.ends[0])
            let sum = Elementary.log1p(saturation * w) - u
            basis.logs[i] = c * sum
            if order == 0 { continue }
            let share = w / (1 + saturation * w)
            basis.slopes[i] = sum
            basis.slopes[n + i] = c * share
            if order == 1 { continue }
            basis.curvatures[n + i] = share
            basis.curvatures[2 * n + i] = -c * share * share
        }
    }

    /// Exponents by saturation points across and beyond the inputs.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        var grid: [[Double]] = []
        for c in [0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2] {
            for saturation in [0, 0.05, 0.2, 0.5, 1, 3, 10, 50, 300] {
                grid.append([c, saturation])
            }
        }
        return grid
    }

    /// b in units of y times x^c, g in 1/x.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        [
            Elementary.exp(Elementary.log(theta[0]) + scale.output + theta[1] * scale.inputs[0]),
            theta[1], theta[2] * Elementary.exp(-scale.ends[0] - scale.inputs[0]),
        ]
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        [
            Elementary.exp(
                Elementary.log(natural[0]) - scale.output - natural[1] * scale.inputs[0]),
            natural[1], natural[2] * Elementary.exp(scale.ends[0] + scale.inputs[0]),
        ]
    }
}
