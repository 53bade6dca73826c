/// The Gamma function and its upper incomplete form, in doubles.
package enum IncompleteGamma {
    /// Γ(s) for s in (0, 30]; relative error below 10⁻¹³.
    ///
    /// Stirling's series at s + n ≥ 20, divided by s (s + 1) … (s + n − 1). Source: Abramowitz &
    /// Stegun 6.1.40.
    package static func gamma(_ s: Double) -> Double {
        precondition(s > 0 && s <= 30, "the Gamma function at \(s)")
        var (x, product) = (s, 1.0)
        while x < 20 {
            product *= x
            x += 1
        }
        let inverse = 1 / x
        let square = inverse * inverse
        let series =
            inverse
            * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680))))
        let log = (x - 0.5) * Elementary.log(x) - x + 0.9189385332046727 + series
        return Elementary.exp(log) / product
    }

    /// Γ(s, x) = ∫ₓ^∞ tˢ⁻¹ e⁻ᵗ dt for s in (0, 2] and x ≥ 0; relative error below 10⁻¹².
    ///
    /// Below x = 1.5 by the series of the lower function, above by its continued fraction (Lentz).
    /// Source: Abramowitz & Stegun 6.5.29 and 6.5.31.
    package static func upper(_ s: Double, _ x: Double) -> Double {
        precondition(s > 0 && s <= 2 && x >= 0, "the incomplete Gamma function at \(s), \(x)")
        if x == 0 { return gamma(s) }
        let front = Elementary.exp(s * Elementary.log(x) - x)
        if x < 1.5 {
            var (term, sum) = (1 / s, 1 / s)
            for n in 1..<60 {
                term *= x / (s + Double(n))
                sum += term
            }
            return gamma(s) - front * sum
        }
        if front == 0 { return 0 }
        var b = x + 1 - s
        var d = 1 / b
        var (c, h) = (1e300, d)
        for n in 1..<400 {
            let a = -Double(n) * (Double(n) - s)
            b += 2
            d = 1 / (a * d + b)
            c = b + a / c
            let step = c * d
            h *= step
            if (step - 1).magnitude < 1e-15 { break }
        }
        return front * h
    }
}
