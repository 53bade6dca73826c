import Numerics

/// One-pass gradient descent of a linear student on a linear teacher, K = M = 1.
///
/// ε_g = ½ Σ w λ c with c the mean squared error of a weight in an eigenspace, c(0) = 1 + σ_J². General K
/// and M reduce to it with η M/K and σ_J² M/K (docs/POWER-LAW-SPECTRA.md, §3).
package struct LinearTheory: Sendable {
    /// The covariance.
    package let spectrum: Spectrum
    /// The learning rate η and the variance σ_J² of the student's weights at the start.
    package let rate, variance: Double
    /// How many directions learn, of how many, the largest eigenvalues first; all where `nil`.
    package let trained: Int?
    /// Whether directions that do not learn stay at their random start; else they are 0.
    package let areOthersRandom: Bool
    private let modes: Modes

    /// Exponentials whose sum is ε_g: ε_g(α) = floor + Σ weight · e^(−2ηµα).
    private struct Modes: Sendable {
        var floor = 0.0
        var rates: [Double] = []
        var weights: [Double] = []
    }

    /// Prepares the exact solution for N → ∞.
    ///
    /// - Complexity: O(L²) for the eigenvalues of the rank-one-shifted spectrum.
    package init(
        spectrum: Spectrum, rate: Double, variance: Double, trained: Int? = nil,
        areOthersRandom: Bool = false
    ) {
        self.spectrum = spectrum
        self.rate = rate
        self.variance = variance
        self.trained = trained.flatMap { $0 < spectrum.count ? $0 : nil }
        self.areOthersRandom = areOthersRandom
        let learning = self.trained ?? spectrum.count
        let rest = LinearTheory.rest(spectrum, learning) * (areOthersRandom ? 1 + variance : 1)
        modes = LinearTheory.modes(
            values: Array(spectrum.values[..<learning]),
            shares: Array(spectrum.shares[..<learning]),
            rate: rate, start: 1 + variance, rest: rest)
    }

    /// ½ Σ w λ over the directions that do not learn: the floor as η → 0, without their own start.
    package static func rest(_ spectrum: Spectrum, _ trained: Int) -> Double {
        (trained..<max(trained, spectrum.count)).reversed().reduce(0) {
            $0 + 0.5 * spectrum.shares[$1] * spectrum.values[$1]
        }
    }

    /// ε_g at α for any η, N → ∞ at fixed N/L: the modes of diag(λ) − (η/2) v vᵀ, v = √w λ.
    ///
    /// Error: relative about 10⁻¹² of the value at α = 0.
    package func error(at alpha: Double) -> Double {
        var sum = modes.floor
        for (mode, weight) in modes.weights.enumerated() {
            sum += weight * Elementary.exp(-2 * rate * modes.rates[mode] * alpha)
        }
        return sum
    }

    /// ε_g at α as η → 0 at fixed ηα: every eigenspace for itself.
    package func smallRateError(at alpha: Double) -> Double {
        let learning = trained ?? spectrum.count
        var sum =
            LinearTheory.rest(spectrum, learning) * (areOthersRandom ? 1 + variance : 1)
        for k in (0..<learning).reversed() {
            let decay = Elementary.exp(-2 * rate * spectrum.values[k] * alpha)
            sum += 0.5 * (1 + variance) * spectrum.shares[k] * spectrum.values[k] * decay
        }
        return sum
    }

    /// The slope d ln ε_g / d ln α of ``smallRateError(at:)`` for all directions learning.
    package func smallRateSlope(at alpha: Double) -> Double {
        var (value, slope) = (0.0, 0.0)
        for k in (0..<(trained ?? spectrum.count)).reversed() {
            let z = 2 * rate * spectrum.values[k] * alpha
            let term = spectrum.shares[k] * spectrum.values[k] * Elementary.exp(-z)
            value += term
            slope -= z * term
        }
        let floor = LinearTheory.rest(spectrum, trained ?? spectrum.count)
        return slope / (value + 2 * floor / (1 + variance))
    }

    /// Where ε_g ends at this η for N → ∞; 0 when every direction learns.
    package var floor: Double { modes.floor }

    /// 1/(1 − ητ/2), τ the mean eigenvalue over what learns: what the noise of SGD multiplies the
    /// power law and a floor by.
    package var noiseFactor: Double {
        let tau = (0..<(trained ?? spectrum.count)).reduce(0) {
            $0 + spectrum.shares[$1] * spectrum.values[$1]
        }
        return 1 / (1 - 0.5 * rate * tau)
    }

    /// The roots of 1 = (η/2) Σ v²/(λ − µ), interlaced with the eigenvalues, and each mode's weight.
    private static func modes(
        values: [Double], shares: [Double], rate: Double, start: Double, rest: Double
    ) -> Modes {
        var modes = Modes()
        let count = values.count
        guard count > 0 else {
            modes.floor = rest
            return modes
        }
        let v = (0..<count).map { shares[$0].squareRoot() * values[$0] }
        let tau = (0..<count).reduce(0) { $0 + shares[$1] * values[$1] }
        modes.floor = rest / (1 - 0.5 * rate * tau)
        // What is left of the start above the state in which noise and decay balance.
        let above = start - rate * modes.floor
        let total = v.reduce(0) { $0 + $1 * $1 }
        var gaps = [Double](repeating: 0, count: count)
        for m in 0..<count {
            // δ = λ_m − µ: from the pole itself, for at small η the difference would cancel.
            var (low, high) = (0.0, m + 1 < count ? values[m] - values[m + 1] : 0.5 * rate * total)
            for k in 0..<count { gaps[k] = values[k] - values[m] }
            for step in 0..<200 {
                let middle =
                    step < 40 && low == 0 ? high * 0x1p-8 : 0.5 * (low + high)
                if middle <= low || middle >= high { break }
                var sum = 0.0
                for k in 0..<count { sum += v[k] * v[k] / (gaps[k] + middle) }
                // Just below the pole the sum is +∞, and it falls from there.
                if 0.5 * rate * sum > 1 { low = middle } else { high = middle }
            }
            let delta = 0.5 * (low + high)
            var (norm, overlap) = (0.0, 0.0)
            for k in 0..<count {
                let part = v[k] / (gaps[k] + delta)
                norm += part * part
                overlap += part * shares[k].squareRoot()
            }
            modes.rates.append(values[m] - delta)
            modes.weights.append(above * overlap / (rate * norm))
        }
        return modes
    }
}
