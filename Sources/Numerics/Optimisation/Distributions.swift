/// Quantiles that intervals need.
package enum Distributions {
    /// Φ(z), the standard normal distribution function.
    ///
    /// Error: about 10⁻¹⁵ absolute, for |z| below 8.
    package static func normal(_ z: Double) -> Double {
        0.5 * (1 + Elementary.erf(z * 0.7071067811865476))
    }

    /// Φ⁻¹(p) by bisection, for p in (10⁻¹⁴, 1 − 10⁻¹⁴); error about 10⁻¹⁵/φ(z).
    package static func normalQuantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a probability of \(p)")
        var (low, high) = (-8.0, 8.0)
        for _ in 0..<64 {
            let middle = 0.5 * (low + high)
            if normal(middle) < p { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }

    /// P(|T| ≤ t) of Student's distribution with a whole number of degrees of freedom.
    ///
    /// Source: Abramowitz & Stegun 26.7.3 and 26.7.4, finite sums. Cost: ν/2 terms.
    package static func studentCentral(_ t: Double, degrees: Int) -> Double {
        let theta = Elementary.atan(t / Double(degrees).squareRoot())
        let (sine, cosine) = (Elementary.sin(theta), Elementary.cos(theta))
        if degrees % 2 == 0 {
            var (term, sum) = (1.0, 1.0)
            for k in stride(from: 2, to: degrees, by: 2) {
                term *= Double(k - 1) / Double(k) * cosine * cosine
                sum += term
            }
            return sine * sum
        }
        if degrees == 1 { return 0.6366197723675814 * theta }
        var (term, sum) = (cosine, cosine)
        for k in stride(from: 3, to: degrees, by: 2) {
            term *= Double(k - 1) / Double(k) * cosine * cosine
            sum += term
        }
        return 0.6366197723675814 * (theta + sine * sum)
    }

    /// The t with P(|T| ≤ t) = level, by bisection.
    package static func studentQuantile(central level: Double, degrees: Int) -> Double {
        precondition(level > 0 && level < 1 && degrees > 0, "level \(level), \(degrees) degrees")
        var (low, high) = (0.0, 1.0)
        while studentCentral(high, degrees: degrees) < level && high < 1e12 { high *= 2 }
        for _ in 0..<80 {
            let middle = 0.5 * (low + high)
            if studentCentral(middle, degrees: degrees) < level {
                low = middle
            } else {
                high = middle
            }
        }
        return 0.5 * (low + high)
    }
}
