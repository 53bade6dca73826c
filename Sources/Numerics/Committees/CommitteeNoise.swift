/// The noise of SGD on a committee: for two students u and v the sum of ±I₄ over all pairs of fields.
///
/// With S = 1 + variance and c the covariance of u and v, the argument of I₄'s arc sine for fields f and g is
/// (Λ c_fg − u_f (S_v u_g − c v_g) − v_f (S_u v_g − c u_g))/√(Λ_f Λ_g), Λ = S_u S_v − c². What depends on
/// one field is computed once a field, so a pair costs four products and an arc sine.
struct CommitteeNoise {
    /// The covariance of all fields, `[width, width]`.
    private let covariance: [Double]
    private let width: Int
    /// The sign and size with which each pair of fields counts, f ≤ g.
    private let factors: [Double]
    private var arguments: [Double]
    /// 1/√Λ_f, and the parts of the argument that each field brings.
    private var scale, first, second, turnedFirst, turnedSecond: [Double]

    /// Prepares for fields with these signs and sizes.
    init(_ covariance: [Double], signs: [Double]) {
        self.covariance = covariance
        width = signs.count
        let pairs = width * (width + 1) / 2
        var factors: [Double] = []
        factors.reserveCapacity(pairs)
        for f in 0..<width {
            for g in f..<width { factors.append((f == g ? 1 : 2) * signs[f] * signs[g]) }
        }
        self.factors = factors
        arguments = Array(repeating: 0, count: pairs)
        scale = Array(repeating: 0, count: width)
        (first, second, turnedFirst, turnedSecond) = (scale, scale, scale, scale)
    }

    /// Σ_fg ± ⟨g′(u) g′(v) g(f) g(g)⟩ of students u and v, but for the factor (2/π)².
    mutating func sum(_ u: Int, _ v: Int) -> Double {
        let own = covariance[u * width + v]
        let (su, sv) = (1 + covariance[u * width + u], 1 + covariance[v * width + v])
        let four = su * sv - own * own
        for f in 0..<width {
            let (uf, vf) = (covariance[u * width + f], covariance[v * width + f])
            let (a, b) = (sv * uf - own * vf, su * vf - own * uf)
            let one = four * (1 + covariance[f * width + f]) - uf * a - vf * b
            let inverse = 1 / one.squareRoot()
            scale[f] = inverse
            first[f] = uf * inverse
            second[f] = vf * inverse
            turnedFirst[f] = a * inverse
            turnedSecond[f] = b * inverse
        }
        var place = 0
        for f in 0..<width {
            let (weight, x, y) = (four * scale[f], first[f], second[f])
            for g in f..<width {
                let argument =
                    weight * covariance[f * width + g] * scale[g] - x * turnedFirst[g]
                    - y * turnedSecond[g]
                arguments[place] = max(-1, min(1, argument))
                place += 1
            }
        }
        return ArcSines.weightedSum(arguments, factors) / four.squareRoot()
    }
}
