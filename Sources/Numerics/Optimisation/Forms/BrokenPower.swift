/// Smoothly broken power laws: y = a + b x^(−c₀) Πᵢ (1 + (x/dᵢ)^(1/fᵢ))^(−cᵢfᵢ).
///
/// Caballero et al., *Broken Neural Scaling Laws*, arXiv 2210.14891, eq. 1. Each break turns the
/// slope by cᵢ at dᵢ; f small is sharp. Without the first slope (c₀ = 0) and with one break it is a
/// plateau that ends in a power law.
package struct BrokenPower: SeparableForm {
    /// `broken`, or `plateau-then-decay`.
    package let name: String
    /// The number of breaks.
    package let breaks: Int
    /// Whether the law falls (or rises) before its first break.
    package let hasFirstSlope: Bool

    /// A law with breaks.
    package init(breaks: Int) {
        name = "broken"
        self.breaks = breaks
        hasFirstSlope = true
    }

    private init(plateau: Bool) {
        name = "plateau-then-decay"
        breaks = 1
        hasFirstSlope = false
    }

    /// y = a + b (1 + (x/d₁)^(1/f₁))^(−c₁f₁).
    package static let plateauThenDecay = BrokenPower(plateau: true)

    /// The law as text.
    package var formula: String {
        let factors = (1...max(1, breaks)).map { "(1 + (x/d\($0))^(1/f\($0)))^(-c\($0)·f\($0))" }
        return "a + b" + (hasFirstSlope ? "·x^-c0" : "")
            + (breaks == 0 ? "" : "·" + factors.joined(separator: "·"))
    }
    /// One input.
    package var inputs: [String] { ["x"] }
    /// The floor and the prefactor.
    package var linear: [String] { ["a", "b"] }
    /// Both positive.
    package var signs: [Double] { [1, 1] }
    /// c₀, then κᵢ, log dᵢ and log fᵢ for each break.
    package var nonlinear: [LawCoordinate] {
        (hasFirstSlope ? [LawCoordinate("c0", -20, 20)] : [])
            + (0..<breaks).flatMap { index in
                [
                    LawCoordinate("c\(index + 1)", -1000, 1000),
                    LawCoordinate("d\(index + 1)", -60, 60),
                    LawCoordinate("f\(index + 1)", -4.6, 5, isLowerBoundMeant: true),
                ]
            }
    }
    /// a, b, c₀, then cᵢ, dᵢ, fᵢ for each break.
    package var parameters: [LawParameter] {
        [
            LawParameter("a", "floor", unit: "y"),
            LawParameter(
                "b", "prefactor", unit: hasFirstSlope ? "y·x^c0" : "y",
                needs: hasFirstSlope ? ["c0"] : []),
        ] + (hasFirstSlope ? [LawParameter("c0", "exponent before the first break")] : [])
            + (0..<breaks).flatMap { index in
                [
                    LawParameter(
                        "c\(index + 1)", "change of exponent at the break",
                        needs: ["d\(index + 1)", "f\(index + 1)"]),
                    LawParameter("d\(index + 1)", "place of the break", unit: "x"),
                    LawParameter("f\(index + 1)", "width of the break; small is sharp"),
                ]
            }
    }

    /// g₁ = 0, g₂ = −c₀u − Σ κᵢ s((u − δᵢ)/fᵢ)/s((ū − δᵢ)/fᵢ), s = softplus.
    ///
    /// ū is the largest input, so κᵢ = cᵢfᵢ s((ū − δᵢ)/fᵢ) is what the break does to log y there. A
    /// break beyond the points shows only its beginning, which κ and f describe and δ hardly
    /// touches; with cᵢ itself as coordinate the objective is a valley that bends.
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let (n, q) = (points.count, eta.count)
        let pairs = q * (q + 1) / 2
        if order == 2 { basis.reserveCurvatures(terms: 2, eta: q, points: n) }
        let first = hasFirstSlope ? 1 : 0
        let widths = (0..<breaks).map { Elementary.exp(eta[first + 3 * $0 + 2]) }
        let anchors = (0..<breaks).map {
            Bend((points.scale.ends[0] - eta[first + 3 * $0 + 1]) / widths[$0])
        }
        for i in 0..<n where weights[i] != 0 {
            let u = points.logs[0][i]
            var g = hasFirstSlope ? -eta[0] * u : 0
            if order >= 1 && hasFirstSlope { basis.slopes[q * n + i] = -u }
            for index in 0..<breaks {
                let at = first + 3 * index
                let (kappa, f, end) = (eta[at], widths[index], anchors[index])
                let here = Bend((u - eta[at + 1]) / f)
                let share = Elementary.exp(here.log - end.log)
                g -= kappa * share
                if order == 0 { continue }
                let byPlace = -(here.first - end.first) / f
                let byWidth = -(here.z * here.first - end.z * end.first)
                basis.slopes[(q + at) * n + i] = -share
                basis.slopes[(q + at + 1) * n + i] = -kappa * share * byPlace
                basis.slopes[(q + at + 2) * n + i] = -kappa * share * byWidth
                if order == 1 { continue }
                let row = pairs + offset(at, q)
                basis.curvatures[(row + 1) * n + i] = -share * byPlace
                basis.curvatures[(row + 2) * n + i] = -share * byWidth
                let next = pairs + offset(at + 1, q)
                basis.curvatures[next * n + i] =
                    -kappa * share * (byPlace * byPlace + (here.second - end.second) / (f * f))
                basis.curvatures[(next + 1) * n + i] =
                    -kappa * share * (byPlace * byWidth + (here.mixed - end.mixed) / f)
                basis.curvatures[(pairs + offset(at + 2, q)) * n + i] =
                    -kappa * share * (byWidth * byWidth + here.z * here.mixed - end.z * end.mixed)
            }
            basis.logs[n + i] = g
        }
    }

    /// log softplus and its derivatives.
    struct Bend {
        let z, log, first, second: Double

        /// d(z·first)/dz.
        var mixed: Double { z * second + first }

        init(_ z: Double) {
            self.z = z
            if z < -36 {
                (log, first, second) = (z, 1, 0)
                return
            }
            let plus = Elementary.softplus(z)
            let share = Elementary.logistic(z)
            log = Elementary.log(plus)
            first = share / plus
            second = first * (1 - share) - first * first
        }
    }

    /// κ/c of a break.
    private func reach(_ place: Double, _ width: Double, _ scale: LawScale) -> Double {
        let f = Elementary.exp(width)
        return Elementary.exp(width + Bend((scale.ends[0] - place) / f).log)
    }

    /// Where the pairs (j, j), (j, j+1), … begin in a packed upper triangle.
    private func offset(_ j: Int, _ q: Int) -> Int { j * q - j * (j - 1) / 2 }

    /// Coefficients, places and widths in the units of x and y.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        let (m, first) = (scale.inputs[0], hasFirstSlope ? 3 : 2)
        let c0 = hasFirstSlope ? theta[2] : 0
        var result = [
            theta[0] * scale.y,
            theta[1] == 0 ? 0 : Elementary.exp(Elementary.log(theta[1]) + scale.output + c0 * m),
        ]
        if hasFirstSlope { result.append(c0) }
        for index in 0..<breaks {
            let at = first + 3 * index
            result += [
                theta[at] / reach(theta[at + 1], theta[at + 2], scale),
                Elementary.exp(theta[at + 1] + m), Elementary.exp(theta[at + 2]),
            ]
        }
        return result
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        let (m, first) = (scale.inputs[0], hasFirstSlope ? 3 : 2)
        let c0 = hasFirstSlope ? natural[2] : 0
        var result = [
            natural[0] / scale.y,
            natural[1] == 0
                ? 0 : Elementary.exp(Elementary.log(natural[1]) - scale.output - c0 * m),
        ]
        if hasFirstSlope { result.append(c0) }
        for index in 0..<breaks {
            let at = first + 3 * index
            let place = Elementary.log(natural[at + 1]) - m
            let width = Elementary.log(natural[at + 2])
            result += [natural[at] * reach(place, width, scale), place, width]
        }
        return result
    }
}
