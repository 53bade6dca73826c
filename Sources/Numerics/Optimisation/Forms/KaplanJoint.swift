/// Kaplan's joint law: L = [(Nc/N)^(αN/αD) + Dc/D]^αD, or with a floor E + A (N^(−r) + R/D)^b.
///
/// Kaplan et al., *Scaling Laws for Neural Language Models*, arXiv 2001.08361, eq. 1.5.
package struct KaplanJoint: SeparableForm {
    /// Whether the law has a floor, and with it its other natural parameters.
    package let hasFloor: Bool

    /// The form.
    package init(hasFloor: Bool) { self.hasFloor = hasFloor }

    /// `kaplan`, `kaplan-with-floor`.
    package var name: String { hasFloor ? "kaplan-with-floor" : "kaplan" }
    /// The law as text.
    package var formula: String {
        hasFloor
            ? "E + A·(N^-r + R/D)^b" : "((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD"
    }
    /// Model size and data.
    package var inputs: [String] { ["N", "D"] }
    /// The coefficients.
    package var linear: [String] { hasFloor ? ["E", "A"] : ["Nc"] }
    /// All positive.
    package var signs: [Double] { linear.map { _ in 1 } }
    /// r, log R and b.
    package var nonlinear: [LawCoordinate] {
        hasFloor
            ? [LawCoordinate("r", 0, 20), LawCoordinate("R", -60, 60), LawCoordinate("b", 0, 20)]
            : [
                LawCoordinate("alphaN", 0, 20), LawCoordinate("Dc", -60, 60),
                LawCoordinate("alphaD", 0, 20),
            ]
    }
    /// The natural parameters.
    package var parameters: [LawParameter] {
        hasFloor
            ? [
                LawParameter("E", "irreducible loss", unit: "y"),
                LawParameter("A", "prefactor", unit: "y·N^(r·b)", needs: ["r", "b"]),
                LawParameter("r", "exponent of model size against data"),
                LawParameter("R", "weight of data", unit: "D/N^r", needs: ["r"]),
                LawParameter("b", "exponent of data"),
            ]
            : [
                LawParameter("Nc", "model size of loss 1", unit: "N", needs: ["alphaN", "alphaD"]),
                LawParameter("alphaN", "exponent of model size", needs: ["alphaD"]),
                LawParameter("Dc", "data of loss 1", unit: "D", needs: ["Nc", "alphaN", "alphaD"]),
                LawParameter("alphaD", "exponent of data"),
            ]
    }

    /// g = b·log(e^(−r·u) + e^(ρ − v)).
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let n = points.count
        let (r, rho, b) = (eta[0], eta[1], eta[2])
        let k = linear.count - 1
        if order == 2 { basis.reserveCurvatures(terms: k + 1, eta: 3, points: n) }
        for i in 0..<n where weights[i] != 0 {
            let (u, v) = (points.logs[0][i], points.logs[1][i])
            let z = rho - v + r * u
            let sum = Elementary.softplus(z) - r * u
            basis.logs[k * n + i] = b * sum
            if order == 0 { continue }
            let share = Elementary.logistic(z)
            let (byR, byRho) = (-(1 - share) * u, share)
            basis.slopes[(k * 3) * n + i] = b * byR
            basis.slopes[(k * 3 + 1) * n + i] = b * byRho
            basis.slopes[(k * 3 + 2) * n + i] = sum
            if order == 1 { continue }
            let bend = share * (1 - share)
            let at = k * 6
            basis.curvatures[at * n + i] = b * bend * u * u
            basis.curvatures[(at + 1) * n + i] = b * bend * u
            basis.curvatures[(at + 2) * n + i] = byR
            basis.curvatures[(at + 3) * n + i] = b * bend
            basis.curvatures[(at + 4) * n + i] = byRho
        }
    }

    /// Exponents and the balance between size and data.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        [0.3, 0.6, 0.8, 1, 1.3, 2].flatMap { r in
            [-6.0, -4, -2, 0, 2, 4, 6].flatMap { rho in
                [0.03, 0.07, 0.1, 0.2, 0.35, 0.6, 1].map { [r, rho, $0] }
            }
        }
    }

    /// Kaplan's constants, or those of the law with a floor.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        let k = linear.count - 1
        let (r, rho, b) = (theta[k + 1], theta[k + 2], theta[k + 3])
        let logA = Elementary.log(theta[k]) + scale.output + r * b * scale.inputs[0]
        let logR = rho - r * scale.inputs[0] + scale.inputs[1]
        if hasFloor {
            return [theta[0] * scale.y, Elementary.exp(logA), r, Elementary.exp(logR), b]
        }
        return [
            Elementary.exp(logA / (r * b)), r * b, Elementary.exp(logR + logA / b), b,
        ]
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        let logA: Double
        let logR: Double
        let (r, b): (Double, Double)
        if hasFloor {
            (r, b) = (natural[2], natural[4])
            logA = Elementary.log(natural[1])
            logR = Elementary.log(natural[3])
        } else {
            b = natural[3]
            r = natural[1] / b
            logA = Elementary.log(natural[0]) * natural[1]
            logR = Elementary.log(natural[2]) - logA / b
        }
        let tail = [
            Elementary.exp(logA - scale.output - r * b * scale.inputs[0]), r,
            logR + r * scale.inputs[0] - scale.inputs[1], b,
        ]
        return hasFloor ? [natural[0] / scale.y] + tail : tail
    }
}
