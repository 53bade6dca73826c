import Numerics

extension LinearTheory {
    /// The average of ε_g over inputs, teachers and starts at N inputs, exactly, after so many steps
    /// of one example each.
    ///
    /// Each step c ← c − 2hλc + h²(λS + 2λ²c), S = Σ n λ c over the eigenvalues with their
    /// multiplicities n, h = η/N; ε_g = S/2N. Exact for Gaussian inputs.
    /// `steps` ascend; `inputs` is N.
    /// - Complexity: O(L · last step).
    package func finiteErrors(
        at steps: [Int], inputs: Int, progress: (Int) -> Void = { _ in }
    ) -> [Double] {
        let n = Double(inputs)
        let h = rate / n
        let learning = trained ?? spectrum.count
        let lambda = Array(spectrum.values[..<learning])
        let weight = (0..<learning).map { spectrum.shares[$0] * n * lambda[$0] }
        let rest =
            2 * n * LinearTheory.rest(spectrum, learning) * (areOthersRandom ? 1 + variance : 1)
        var c = [Double](repeating: 1 + variance, count: learning)
        let keep = lambda.map { 1 - 2 * h * $0 + 2 * h * h * $0 * $0 }
        let noise = lambda.map { h * h * $0 }
        var result: [Double] = []
        var step = 0
        for wanted in steps {
            while step < wanted {
                var sum = rest
                for k in 0..<learning { sum += weight[k] * c[k] }
                for k in 0..<learning { c[k] = keep[k] * c[k] + noise[k] * sum }
                step += 1
                if step & 0xffff == 0 { progress(step) }
            }
            var sum = rest
            for k in 0..<learning { sum += weight[k] * c[k] }
            result.append(sum / (2 * n))
        }
        return result
    }

    /// The largest η for which SGD converges on average at N inputs: Σ hλ/(2(1 − hλ)) = 1 over the N
    /// directions, h = η/N < 1/λ₁.
    ///
    /// 2 for N/L → ∞; far below for L = N.
    package static func largestRate(_ spectrum: Spectrum, inputs: Int) -> Double {
        let n = Double(inputs)
        var (low, high) = (0.0, n / spectrum.values[0])
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            if middle <= low || middle >= high { break }
            var sum = 0.0
            for k in 0..<spectrum.count {
                let share = middle / n * spectrum.values[k]
                sum += spectrum.shares[k] * n * share / (2 * (1 - share))
            }
            if sum < 1 { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }
}

/// The power law of a linear student for λ_l = λ₊ l^−(1+β), as L → ∞.
extension LinearTheory {
    /// β/(1+β), the exponent of the tail.
    package static func exponent(_ beta: Double) -> Double { beta / (1 + beta) }

    /// (1 + σ²)/(2H(1+β)) Γ(s) z⁻ˢ, z = 2ηλ₊α, s = β/(1+β); `nil` where the spectrum is no power law.
    package func powerLaw(at alpha: Double) -> Double? {
        guard let (front, s, _) = tail(alpha) else { return nil }
        return front * IncompleteGamma.gamma(s)
    }

    /// The same with Γ(s, z L^−(1+β)): the exponential cut-off of the smallest eigenvalue included.
    package func truncatedPowerLaw(at alpha: Double) -> Double? {
        guard let (front, s, z) = tail(alpha) else { return nil }
        return front
            * IncompleteGamma.upper(
                s,
                z * spectrum.values[spectrum.count - 1]
                    / spectrum.values[0])
    }

    private func tail(_ alpha: Double) -> (front: Double, s: Double, z: Double)? {
        guard let beta = spectrum.beta, beta > 0, alpha > 0 else { return nil }
        let s = LinearTheory.exponent(beta)
        let z = 2 * rate * spectrum.values[0] * alpha
        let front =
            (1 + variance) / (2 * spectrum.harmonic * (1 + beta))
            * Elementary.exp(-s * Elementary.log(z))
        return (front, s, z)
    }

    /// 1/(2ηλ₁) and 1/(2ηλ) of the last eigenvalue that learns: the power law holds well inside.
    package var window: (from: Double, to: Double) {
        (
            1 / (2 * rate * spectrum.values[0]),
            1 / (2 * rate * spectrum.values[(trained ?? spectrum.count) - 1])
        )
    }
}
