/// Fisher's F distribution: how often a ratio of two mean squares is as large by chance.
package enum FisherDistribution {
    /// P(F ≥ f) for a ratio of mean squares with so many degrees of freedom above and below.
    ///
    /// Error: about 10⁻¹² relative, 10⁻⁸ at 10⁵ degrees of freedom. Source: the regularised incomplete beta
    /// function by its continued fraction (Abramowitz & Stegun 26.5.8 and 26.6.2), evaluated as in Lentz,
    /// Appl. Opt. 15 (1976).
    package static func tail(_ f: Double, above: Int, below: Int) -> Double {
        precondition(above > 0 && below > 0, "\(above) and \(below) degrees of freedom")
        guard f > 0 else { return 1 }
        guard f.isFinite else { return 0 }
        let (a, b) = (0.5 * Double(below), 0.5 * Double(above))
        let x = Double(below) / (Double(below) + Double(above) * f)
        let rest = Double(above) * f / (Double(below) + Double(above) * f)
        let front = Elementary.exp(
            logGamma(a + b) - logGamma(a) - logGamma(b) + a * Elementary.log(x)
                + b * Elementary.log(rest))
        // The fraction converges fast below the mean; above it the other tail is taken.
        if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
        return 1 - front * fraction(rest, b, a) / b
    }

    /// log Γ(z) for z > 0: Stirling's series, after a shift to z ≥ 10.
    static func logGamma(_ z: Double) -> Double {
        var (z, shift) = (z, 0.0)
        while z < 10 {
            shift += Elementary.log(z)
            z += 1
        }
        let square = 1 / (z * z)
        let series =
            (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680)))) / z
        return (z - 0.5) * Elementary.log(z) - z + 0.9189385332046728 + series - shift
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func nonzero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var result = d
        for m in 1...10_000 {
            let m = Double(m)
            for part in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / nonzero(1 + part * d)
                c = nonzero(1 + part / c)
                result *= d * c
            }
            if (d * c - 1).magnitude < 1e-15 { break }
        }
        return result
    }
}
