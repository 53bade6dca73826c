import Numerics

/// Linear regression with a Gaussian prior of power-law variances, learned through its first n features.
///
/// θᵢ ~ N(0, λᵢ), λᵢ = i^−(1+β), x ~ N(0, I), Y = Σ θᵢ xᵢ + σz. The restricted model takes features beyond
/// n as noise of variance τₙ = Σ_{i>n} λᵢ, so its noise is s = σ² + τₙ. The mean over t < T of the expected
/// divergence of its Bayes mixture is estimation + misspecification exactly (docs/FOUNDATIONS.md). Nats.
package struct LinearInstance {
    /// β, and σ².
    package let beta, noise: Double
    /// λ₁, λ₂, … as far as they were asked for.
    private var known: [Double] = []

    /// Names an instance.
    package init(beta: Double, noise: Double) {
        precondition(beta > 0 && noise > 0, "β = \(beta), σ² = \(noise)")
        (self.beta, self.noise) = (beta, noise)
    }

    /// λ₁ … λₙ.
    package mutating func variances(_ n: Int) -> ArraySlice<Double> {
        while known.count < n {
            known.append(Elementary.power(Double(known.count + 1), -1 - beta))
        }
        return known[..<n]
    }

    /// τₙ, the variance of what the first n features leave.
    package func tail(_ n: Int) -> Double { HurwitzZeta.value(1 + beta, Double(n + 1)) }

    /// ½ ln(1 + τₙ/σ²), exactly.
    package func misspecification(_ n: Int) -> Double { 0.5 * Elementary.log1p(tail(n) / noise) }

    /// (1/2T) E ln det(I + XΛXᵀ/s) by its deterministic equivalent; T need not be whole.
    ///
    /// a solves a (s + Σ λᵢ/(1 + λᵢa)) = T. The left side is concave in a: Newton's steps from 0 rise to the
    /// root and never pass it. Error against the mean over X: 1.5 % at n = 5, T = 20, 0.2 % at n = 50,
    /// T = 200.
    package mutating func estimation(_ n: Int, examples t: Double) -> Double {
        precondition(n >= 0 && t > 0, "n = \(n), T = \(t)")
        let s = noise + tail(n)
        let values = variances(n)
        var a = 0.0
        for _ in 0..<200 {
            var (sum, slope) = (s * a, s)
            for value in values {
                let one = 1 / (1 + value * a)
                sum += value * a * one
                slope += value * one * one
            }
            let next = a + (t - sum) / slope
            guard next > a else { break }
            a = next
        }
        var (logarithms, rest) = (0.0, 0.0)
        for value in values {
            logarithms += Elementary.log1p(value * a)
            rest += value / (1 + value * a)
        }
        let b = rest / s
        return (logarithms + t * (Elementary.log1p(b) - b / (1 + b))) / (2 * t)
    }

    /// Both terms at n features and T examples.
    package mutating func error(_ n: Int, examples t: Double) -> InstanceError {
        InstanceError(
            size: n, examples: t, estimation: estimation(n, examples: t),
            misspecification: misspecification(n))
    }

    /// The whole n at which the error at C = nT is least, T not whole in general.
    ///
    /// Doubles n until the error has risen twice, then narrows by thirds: the error has one valley in n.
    package mutating func optimum(compute: Double) -> InstanceError {
        var best = error(1, examples: compute)
        var (n, risen) = (2, 0)
        while risen < 2 {
            let next = error(n, examples: compute / Double(n))
            risen = next.total < best.total ? 0 : risen + 1
            if next.total < best.total { best = next }
            n *= 2
        }
        var (low, high) = (max(1, best.size / 2), best.size * 2)
        while high - low > 2 {
            let (left, right) = (low + (high - low) / 3, high - (high - low) / 3)
            let lower = error(left, examples: compute / Double(left)).total
            let upper = error(right, examples: compute / Double(right)).total
            if lower <= upper { high = right } else { low = left }
        }
        for n in low...high {
            let next = error(n, examples: compute / Double(n))
            if next.total < best.total { best = next }
        }
        return best
    }
}

/// The two terms of an error, in nats.
package struct InstanceError: Sendable {
    /// n.
    package let size: Int
    /// T.
    package let examples: Double
    /// What is due to too few examples, and to too few features.
    package let estimation, misspecification: Double
    /// Their sum.
    package var total: Double { estimation + misspecification }
}
