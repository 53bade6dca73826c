import Numerics

/// What the entropy of random rows is on average.
package enum DirichletEntropy {
    /// ψ(x), the digamma function, for x > 0.
    ///
    /// Recurrence to x ≥ 12, then the asymptotic series to x⁻¹². Source: Abramowitz & Stegun 6.3.5, 6.3.18.
    /// Error: about 10⁻¹⁴, relative to the largest term of the recurrence.
    package static func digamma(_ x: Double) -> Double {
        precondition(x > 0, "digamma of \(x)")
        var (x, shift) = (x, 0.0)
        while x < 12 {
            shift -= 1 / x
            x += 1
        }
        let w = 1 / (x * x)
        let series =
            w
            * (1.0 / 12
                - w
                * (1.0 / 120 - w * (1.0 / 252 - w * (1.0 / 240 - w * (1.0 / 132 - w * 691 / 32760)))))
        return shift + Elementary.log(x) - 0.5 / x - series
    }

    /// The expected entropy, in nats, of probabilities from the symmetric Dirichlet distribution:
    /// ψ(q α + 1) − ψ(α + 1) for q values and concentration α.
    package static func expected(concentration: Double, count: Int) -> Double {
        digamma(Double(count) * concentration + 1) - digamma(concentration + 1)
    }
}
