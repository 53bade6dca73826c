import Numerics
import System

/// The flow for σ_J → 0 and η → 0 at K = M: J_i = A_k B_i + O_k Σ_{n≠i} B_n in eigenspace k.
///
/// Written from the gradient of ε_g and not from the closed equations of ``CommitteeFlow``: each checks
/// the other, and this one keeps its digits near convergence, where ε_g is quadratic in 1 − A and O.
package struct ReducedFlow {
    /// The covariance.
    package let spectrum: Spectrum
    /// M.
    package let units: Int

    /// Prepares the flow.
    package init(spectrum: Spectrum, units: Int) {
        self.spectrum = spectrum
        self.units = units
    }

    /// R, S, Q, C of a state A₁…A_L, O₁…O_L.
    package func sums(_ y: [Double]) -> (r: Double, s: Double, q: Double, c: Double) {
        let (levels, m) = (spectrum.count, Double(units))
        var (r, s, q, c) = (0.0, 0.0, 0.0, 0.0)
        for k in (0..<levels).reversed() {
            let (a, o) = (y[k], y[levels + k])
            let weight = spectrum.shares[k] * spectrum.values[k]
            r += weight * a
            s += weight * o
            q += weight * (a * a + (m - 1) * o * o)
            c += weight * (2 * a * o + (m - 2) * o * o)
        }
        return (r, s, q, c)
    }

    /// ε_g.
    package func error(_ y: [Double]) -> Double {
        let (r, s, q, c) = sums(y)
        let (m, asin) = (Double(units), Elementary.asin)
        let root = (2 * (1 + q)).squareRoot()
        return
            (asin(q / (1 + q)) + (m - 1) * asin(c / (1 + q)) + 0.5235987755982989
            - 2 * asin(r / root) - 2 * (m - 1) * asin(s / root)) / 3.141592653589793
    }

    private func slopes(_ y: [Double]) -> [Double] {
        let (levels, m, pi) = (spectrum.count, Double(units), 3.141592653589793)
        let (r, s, q, c) = sums(y)
        let (x, scale) = (2 * (1 + q), 1 / m)
        let (a, b) = (q / (1 + q), c / (1 + q))
        let (ro, so) = (r / x.squareRoot(), s / x.squareRoot())
        let dR = -(2 * scale / pi) / (x - r * r).squareRoot()
        let dS = -(2 * scale / pi) / (x - s * s).squareRoot()
        let dC = (scale / pi) / ((1 + q) * (1 + q) - c * c).squareRoot()
        let mixed =
            (ro / (1 - ro * ro).squareRoot() + (m - 1) * so / (1 - so * so).squareRoot()) / (1 + q)
        let own = 1 / ((1 + q) * (1 + q) * (1 - a * a).squareRoot())
        let cross = (m - 1) * b / ((1 + q) * (1 - b * b).squareRoot())
        let dQ = (scale / pi) * (own - cross + mixed)
        var out = [Double](repeating: 0, count: 2 * levels)
        for k in 0..<levels {
            let (lambda, a, o) = (spectrum.values[k], y[k], y[levels + k])
            out[k] = -lambda * (dR + 2 * dQ * a + 2 * (m - 1) * dC * o)
            out[levels + k] =
                -lambda * (dS + 2 * dQ * o + 2 * dC * a + 2 * (m - 2) * dC * o)
        }
        return out
    }

    /// The states at times τ = ηα, ascending, from A = `same`, O = `other` everywhere.
    ///
    /// Runge and Kutta's classical method at fixed steps of 0.5/λ₁: fourth order, with an error of about
    /// 10⁻⁶ of ε_g. Complexity: O(L λ₁ τ).
    package func states(at times: [Double], same: Double, other: Double) -> [[Double]] {
        let levels = spectrum.count
        var y = (0..<(2 * levels)).map { $0 < levels ? same : other }
        var time = 0.0
        var result: [[Double]] = []
        let largest = 0.5 / spectrum.values[0]
        for wanted in times {
            let count = max(1, Int(((wanted - time) / largest).rounded(.up)))
            let h = (wanted - time) / Double(count)
            for _ in 0..<(wanted > time ? count : 0) {
                let k1 = slopes(y)
                let k2 = slopes(zip(y, k1).map { $0 + 0.5 * h * $1 })
                let k3 = slopes(zip(y, k2).map { $0 + 0.5 * h * $1 })
                let k4 = slopes(zip(y, k3).map { $0 + h * $1 })
                for place in y.indices {
                    y[place] +=
                        h / 6 * (k1[place] + 2 * k2[place] + 2 * k3[place] + k4[place])
                }
            }
            time = wanted
            result.append(y)
        }
        return result
    }
}
