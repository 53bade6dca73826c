/// Averages over jointly Gaussian fields with g(x) = erf(x/√2), and half the mean square of a sum of them.
///
/// Source: Saad & Solla, Phys. Rev. E 52, 4225 (1995), appendix; here for any covariance.
package enum CommitteeIntegrals {
    /// 2/π.
    package static let twoOverPi = 0.6366197723675814

    /// Arguments of arc sines that rounding pushed out of [−1, 1] are put back.
    package static func clipped(_ x: Double) -> Double { max(-1, min(1, x)) }

    /// ⟨g(u) g(v)⟩ of the fields with variances `uu`, `vv` and covariance `uv`.
    package static func i2(uu: Double, uv: Double, vv: Double) -> Double {
        twoOverPi * Elementary.asin(clipped(uv / ((1 + uu) * (1 + vv)).squareRoot()))
    }

    /// ⟨g′(u) v g(w)⟩ of the covariance C `[4, 4]` or larger with rows of `width`.
    package static func i3(_ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int) -> Double {
        let (uu, uw) = (1 + c[u * width + u], c[u * width + w])
        let root = (uu * (1 + c[w * width + w]) - uw * uw).squareRoot()
        return twoOverPi * (c[v * width + w] * uu - c[u * width + v] * uw) / (root * uu)
    }

    /// ⟨g′(u) g′(v) g(w) g(z)⟩.
    package static func i4(
        _ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int, _ z: Int
    ) -> Double {
        let (argument, root) = i4Parts(c, width, u, v, w, z)
        return twoOverPi * twoOverPi * Elementary.asin(argument) / root
    }

    /// The argument of I4's arc sine, and the root √Λ₄ below it.
    package static func i4Parts(
        _ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int, _ z: Int
    ) -> (argument: Double, root: Double) {
        let (uu, vv, uv) = (1 + c[u * width + u], 1 + c[v * width + v], c[u * width + v])
        let (uw, uz) = (c[u * width + w], c[u * width + z])
        let (vw, vz) = (c[v * width + w], c[v * width + z])
        let four = uu * vv - uv * uv
        let zero =
            four * c[w * width + z] - vw * vz * uu - uw * uz * vv + uv * (uw * vz + uz * vw)
        let one =
            four * (1 + c[w * width + w]) - vw * vw * uu - uw * uw * vv + 2 * uv * uw * vw
        let two =
            four * (1 + c[z * width + z]) - vz * vz * uu - uz * uz * vv + 2 * uv * uz * vz
        return (clipped(zero / (one * two).squareRoot()), four.squareRoot())
    }

    /// ½⟨(Σ_f s_f g(f))²⟩ of fields with the covariance C `[width, width]`.
    package static func error(_ c: [Double], signs: [Double]) -> Double {
        let width = signs.count
        var sum = 0.0
        for f in 0..<width {
            for g in 0..<width {
                let value = i2(uu: c[f * width + f], uv: c[f * width + g], vv: c[g * width + g])
                sum.addProduct(signs[f] * signs[g], value)
            }
        }
        return 0.5 * sum
    }
}
