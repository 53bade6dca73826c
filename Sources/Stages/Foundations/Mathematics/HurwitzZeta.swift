import Numerics

/// Hurwitz's zeta function ζ(s, q) = Σ_{k ≥ 0} (q + k)^−s.
package enum HurwitzZeta {
    /// B₂ⱼ/(2j)! for j = 1 … 6.
    private static let bernoulli = [
        1.0 / 12, -1.0 / 720, 1.0 / 30_240, -1.0 / 1_209_600, 1.0 / 47_900_160,
        -691.0 / 1_307_674_368_000,
    ]

    /// ζ(s, q) for s > 1 and q > 0; relative error about 10⁻¹⁵ for s up to 11.
    ///
    /// Terms one by one until q + k ≥ 40, the rest by Euler and Maclaurin's formula (Abramowitz & Stegun
    /// 23.1.30), smallest terms first.
    package static func value(_ s: Double, _ q: Double) -> Double {
        precondition(s > 1 && q > 0, "ζ(\(s), \(q))")
        let terms = q < 40 ? Int((40 - q).rounded(.up)) : 0
        let a = q + Double(terms)
        let power = Elementary.power(a, -s)
        // s (s + 1) … (s + 2j − 2) a^(−s − 2j + 1).
        var (factor, correction) = (s * power / a, 0.0)
        for (place, coefficient) in bernoulli.enumerated() {
            correction += coefficient * factor
            let j = Double(2 * place + 1)
            factor *= (s + j) * (s + j + 1) / (a * a)
        }
        var sum = correction + 0.5 * power + power * a / (s - 1)
        for k in (0..<terms).reversed() { sum += Elementary.power(q + Double(k), -s) }
        return sum
    }
}
