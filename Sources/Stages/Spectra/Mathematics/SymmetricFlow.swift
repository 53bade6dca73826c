package import Numerics
import System

/// The equations of ``CommitteeFlow`` for K = M, an orthonormal teacher t_k = w_k·1 and a start that
/// treats all units alike: four numbers an eigenspace, whatever M is.
///
/// Matrices with diagonal d and everything else o have the eigenvalues u = d + (M−1)o and v = d − o
/// (M−1 times) in common eigenvectors, so that all products are those of numbers. Components: r_u,
/// r_v, q_u, q_v.
package final class SymmetricFlow: BlockFlow {
    /// M.
    package let units: Int
    /// 4.
    package let components = 4
    /// λ.
    package let eigenvalues: Buffer<Double>
    /// w.
    package let shares: Buffer<Double>
    private let rate: Double
    private let hasNoise: Bool
    private let pairs: [[Pair]]
    private var step = 0.0
    private var coupling: [Double] = []
    private let inverses: Buffer<Double>

    /// A pair of fields f, g under the sum of I4, and how many pairs it stands for, with their sign.
    private struct Pair {
        var f, g: Int
        var factor: Double
    }

    /// Prepares the equations; see ``CommitteeFlow``.
    package init(spectrum: Spectrum, units: Int, rate: Double, hasNoise: Bool = true) {
        self.units = units
        self.rate = rate
        self.hasNoise = hasNoise
        eigenvalues = Buffer(spectrum.values)
        shares = Buffer(spectrum.shares)
        inverses = Buffer(count: 4 * spectrum.count)
        pairs = [SymmetricFlow.pairs(units, twice: true), SymmetricFlow.pairs(units, twice: false)]
    }

    /// Fields 0…3 are students, 4…7 teachers; numbers beyond those of I4's first two stand for all others.
    private static func pairs(_ units: Int, twice: Bool) -> [Pair] {
        let fixed = twice ? 1 : 2
        let others = Double(units - fixed)
        var result: [Pair] = []
        func add(_ a: Int, _ b: Int, _ count: Double) {
            guard count > 0 else { return }
            for (first, second, sign) in [(0, 0, 1.0), (4, 4, 1), (0, 4, -1), (4, 0, -1)] {
                result.append(Pair(f: first + a, g: second + b, factor: sign * count))
            }
        }
        for a in 0..<fixed {
            for b in 0..<fixed { add(a, b, 1) }
            add(a, fixed, others)
            add(fixed, a, others)
        }
        add(fixed, fixed, others)
        add(fixed, fixed + 1, others * (others - 1))
        return result
    }

    /// Q, C, R, S: own and other unit, of students among themselves and with the teacher.
    package func overlaps(_ z: [Double]) -> (q: Double, c: Double, r: Double, s: Double) {
        let m = Double(units)
        return (
            (z[2] + (m - 1) * z[3]) / m, (z[2] - z[3]) / m, (z[0] + (m - 1) * z[1]) / m,
            (z[0] - z[1]) / m
        )
    }

    /// ε_g at sums z.
    package func error(_ z: [Double]) -> Double {
        let (q, c, r, s) = overlaps(z)
        let (m, i2) = (Double(units), CommitteeIntegrals.i2)
        return 0.5
            * (i2(q, q, q) + (m - 1) * i2(q, c, q) + i2(1, 1, 1) - 2 * i2(q, r, 1) - 2 * (m - 1)
                * i2(q, s, 1))
    }

    /// a_u, a_v, b_u, b_v, e_u, e_v.
    package func coefficients(_ z: [Double]) -> [Double] {
        let (q, c, r, s) = overlaps(z)
        let m = Double(units)
        let scale = 1 / m.squareRoot()
        let uu = 1 + q
        func g(_ own: Double, _ cross: Double, _ sign: Double) -> Double {
            rate * scale * CommitteeIntegrals.twoOverPi * sign * scale
                / ((uu * (1 + own) - cross * cross).squareRoot() * uu)
        }
        let (gQ, gC, gR, gS) = (g(q, q, -1), g(q, c, -1), g(1, r, 1), g(1, s, 1))
        let own = gQ * q + (m - 1) * gC * c + gR * r + (m - 1) * gS * s
        let (aD, aO) = (gQ * uu - own, gC * uu)
        let (bD, bO) = (gR * uu, gS * uu)
        var (eD, eO) = (0.0, 0.0)
        if hasNoise {
            let covariance = fields(q, c, r, s)
            eD = noise(covariance, pairs[0], 0)
            if units > 1 { eO = noise(covariance, pairs[1], 1) }
        }
        return [
            aD + (m - 1) * aO, aD - aO, bD + (m - 1) * bO, bD - bO, eD + (m - 1) * eO, eD - eO,
        ]
    }

    private func fields(_ q: Double, _ c: Double, _ r: Double, _ s: Double) -> [Double] {
        (0..<64).map { place in
            let (i, j) = (place / 8, place % 8)
            let isOwn = i % 4 == j % 4
            switch (i < 4, j < 4) {
            case (true, true): return isOwn ? q : c
            case (false, false): return isOwn ? 1 : 0
            default: return isOwn ? r : s
            }
        }
    }

    /// (η/√M)² (1/M) Σ ± I4(x₀, x_other, f, g).
    private func noise(_ covariance: [Double], _ pairs: [Pair], _ other: Int) -> Double {
        var root = 1.0
        let arguments = pairs.map { pair in
            let parts = CommitteeIntegrals.i4Parts(covariance, 8, 0, other, pair.f, pair.g)
            root = parts.root
            return parts.argument
        }
        let front = rate * CommitteeIntegrals.twoOverPi / Double(units)
        return front * front * ArcSines.weightedSum(arguments, pairs.map { $0.factor }) / root
    }

    /// out ← λ F(coefficients, y), or out + that.
    package func apply(
        _ coefficients: [Double], _ y: Buffer<Double>, adding: Bool, into out: Buffer<Double>
    ) {
        let levels = self.levels
        for sector in 0..<2 {
            let (a, b, e) = (
                coefficients[sector], coefficients[2 + sector], coefficients[4 + sector]
            )
            let (r, q) = (sector * levels, (2 + sector) * levels)
            for k in 0..<levels {
                let (lambda, w) = (eigenvalues[k], shares[k])
                let first = lambda * (a * y[r + k] + b * w)
                let second = lambda * (2 * a * y[q + k] + 2 * b * y[r + k] + e * w)
                out[r + k] = adding ? out[r + k] + first : first
                out[q + k] = adding ? out[q + k] + second : second
            }
        }
    }

    /// Divisions by 1 − hλa and 1 − 2hλa.
    package func factor(_ h: Double, _ coefficients: [Double]) {
        step = h
        coupling = coefficients
        for sector in 0..<2 {
            for k in 0..<levels {
                let part = h * eigenvalues[k] * coefficients[sector]
                inverses[sector * levels + k] = 1 / (1 - part)
                inverses[(2 + sector) * levels + k] = 1 / (1 - 2 * part)
            }
        }
    }

    /// r, then q with the new r on its right side.
    package func solve(_ x: Buffer<Double>) {
        for sector in 0..<2 {
            let (r, q) = (sector * levels, (2 + sector) * levels)
            let b = 2 * step * coupling[2 + sector]
            for k in 0..<levels {
                let first = x[r + k] * inverses[r + k]
                x[r + k] = first
                x[q + k] = (x[q + k] + b * eigenvalues[k] * first) * inverses[q + k]
            }
        }
    }

    /// The state with r_in = w(same, other), q_ij = w(own, between).
    package func state(
        same: Double, other: Double, own: Double, between: Double = 0
    ) -> Buffer<Double> {
        let m = Double(units)
        let values = [
            same + (m - 1) * other, same - other, own + (m - 1) * between, own - between,
        ]
        let y = Buffer<Double>(count: size)
        for (c, value) in values.enumerated() {
            for k in 0..<levels { y[c * levels + k] = value * shares[k] }
        }
        return y
    }
}
