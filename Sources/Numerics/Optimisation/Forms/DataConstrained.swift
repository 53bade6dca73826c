/// Chinchilla's law where data repeat: D′ = U + U R (1 − exp(−(D/U − 1)/R)) takes the place of D.
///
/// Muennighoff et al., *Scaling Data-Constrained Language Models*, arXiv 2305.16264, eq. 5 and 6.
/// With a fourth input V, the model size that U tokens are best for, N saturates the same way.
package struct DataConstrained: SeparableForm {
    /// Whether excess parameters saturate too.
    package let hasSize: Bool

    /// The form.
    package init(hasSize: Bool) { self.hasSize = hasSize }

    /// `data-constrained`, `data-constrained-size`.
    package var name: String { hasSize ? "data-constrained-size" : "data-constrained" }
    /// The law as text.
    package var formula: String {
        hasSize
            ? "E + A·N'^-alpha + B·D'^-beta, N' = V + V·RN·(1 - exp(-(N/V - 1)/RN)), "
                + "D' = U + U·RD·(1 - exp(-(D/U - 1)/RD))"
            : "E + A·N^-alpha + B·D'^-beta, D' = U + U·RD·(1 - exp(-(D/U - 1)/RD))"
    }
    /// Model size, tokens seen, tokens that are unique, and the model size that those are best for.
    package var inputs: [String] { hasSize ? ["N", "D", "U", "V"] : ["N", "D", "U"] }
    /// The coefficients.
    package var linear: [String] { ["E", "A", "B"] }
    /// All positive.
    package var signs: [Double] { [1, 1, 1] }
    /// Exponents, then logarithms of the half-lives.
    package var nonlinear: [LawCoordinate] {
        [
            LawCoordinate("alpha", 0, 20), LawCoordinate("beta", 0, 20),
            LawCoordinate("RD", -6, 9),
        ] + (hasSize ? [LawCoordinate("RN", -6, 9)] : [])
    }
    /// The natural parameters.
    package var parameters: [LawParameter] {
        [
            LawParameter("E", "irreducible loss", unit: "y"),
            LawParameter("A", "prefactor of model size", unit: "y·N^alpha", needs: ["alpha"]),
            LawParameter("B", "prefactor of data", unit: "y·D^beta", needs: ["beta"]),
            LawParameter("alpha", "exponent of model size"),
            LawParameter("beta", "exponent of data"),
            LawParameter("RD", "repetitions that are worth something"),
        ] + (hasSize ? [LawParameter("RN", "excess parameters that are worth something")] : [])
    }

    /// g₂ = −α log N′, g₃ = −β log D′, in scaled units.
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let (n, q) = (points.count, eta.count)
        let pairs = q * (q + 1) / 2
        if order == 2 { basis.reserveCurvatures(terms: 3, eta: q, points: n) }
        for i in 0..<n where weights[i] != 0 {
            for (k, input, unique, exponent, life) in [(1, 0, 3, 0, 3), (2, 1, 2, 1, 2)] {
                let u = points.logs[input][i]
                var used = (value: u, first: 0.0, second: 0.0)
                if k == 2 || hasSize {
                    let excess =
                        u + points.scale.inputs[input] - points.logs[unique][i]
                        - points.scale.inputs[unique]
                    used = DataConstrained.saturated(u, excess, eta[life])
                }
                basis.logs[k * n + i] = -eta[exponent] * used.value
                if order == 0 { continue }
                basis.slopes[(k * q + exponent) * n + i] = -used.value
                guard k == 2 || hasSize else { continue }
                basis.slopes[(k * q + life) * n + i] = -eta[exponent] * used.first
                if order == 1 { continue }
                let row = k * pairs + exponent * q - exponent * (exponent - 1) / 2
                basis.curvatures[(row + life - exponent) * n + i] = -used.first
                let corner = k * pairs + life * q - life * (life - 1) / 2
                basis.curvatures[corner * n + i] = -eta[exponent] * used.second
            }
        }
    }

    /// log of the effective amount, and its derivatives by ζ = log R.
    ///
    /// `u` is the log of the amount (in any unit), `excess` that of amount over unique amount.
    static func saturated(_ u: Double, _ excess: Double, _ zeta: Double) -> (
        value: Double, first: Double, second: Double
    ) {
        guard excess > 0 else { return (u, 0, 0) }
        let r = Elementary.exp(zeta)
        let v = Elementary.expm1(excess) / r
        let fade = Elementary.exp(-v)
        let h = -r * Elementary.expm1(-v)
        let w = -Elementary.expm1(-v) - v * fade
        let first = r * w / (1 + h)
        return (
            u - excess + Elementary.log1p(h), first,
            r * (w - v * v * fade) / (1 + h) - first * first
        )
    }

    /// Chinchilla's exponents by a few half-lives.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        [0.1, 0.2, 0.35, 0.5, 0.8].flatMap { alpha in
            [0.1, 0.2, 0.35, 0.5, 0.8].flatMap { beta in
                [0.0, 1.5, 2.7, 4].flatMap { life in
                    hasSize
                        ? [0.5, 1.7, 3].map { [alpha, beta, life, $0] } : [[alpha, beta, life]]
                }
            }
        }
    }

    /// Coefficients in natural units; half-lives as numbers of repetitions.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        func coefficient(_ c: Double, _ shift: Double) -> Double {
            c == 0 ? 0 : Elementary.exp(Elementary.log(c) + scale.output + shift)
        }
        return [
            theta[0] * scale.y, coefficient(theta[1], theta[3] * scale.inputs[0]),
            coefficient(theta[2], theta[4] * scale.inputs[1]), theta[3], theta[4],
        ] + theta[5...].map(Elementary.exp)
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        func coefficient(_ c: Double, _ shift: Double) -> Double {
            c == 0 ? 0 : Elementary.exp(Elementary.log(c) - scale.output - shift)
        }
        return [
            natural[0] / scale.y, coefficient(natural[1], natural[3] * scale.inputs[0]),
            coefficient(natural[2], natural[4] * scale.inputs[1]), natural[3], natural[4],
        ] + natural[5...].map(Elementary.log)
    }
}
