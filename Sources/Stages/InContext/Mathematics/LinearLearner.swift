import Numerics

/// Learners of a linear model from a prompt, and what is known of their error E|ŵ − w|².
package enum LinearLearner {
    /// f of least squares of minimum norm: 1/s, 0 where s is.
    package static func leastSquares(_ s: Double) -> Double { s > 0 ? 1 / s : 0 }

    /// f of ridge regression with λ = σ² against XᵀX: the Bayes estimator of weights of scale 1.
    package static func bayes(noise: Double, examples: Int) -> (Double) -> Double {
        let ridge = noise * noise / Double(examples)
        return { s in s + ridge > 0 ? 1 / (s + ridge) : 0 }
    }

    /// f of gradient descent from 0: Σ cⱼ s^(j−1).
    package static func descent(_ c: [Double]) -> (Double) -> Double {
        { s in c.reversed().reduce(0) { $0 * s + $1 } }
    }

    /// The c of k steps with the least mean error, and that error, from moments Mᵢ = E tr Sⁱ, i = 1 … 2k.
    ///
    /// A c = (M₁ … M_k), A_ij = M_{i+j} + (σ²/n) M_{i+j−1}; the error is d − c·M. For weights of scale 1.
    ///
    /// - Returns: `nil` where rounding makes A not positive definite.
    package static func bestDescent(
        steps k: Int, moments: [Double], dimension: Int, noise: Double, examples: Int
    ) -> (steps: [Double], error: Double)? {
        precondition(moments.count >= 2 * k && k >= 1, "\(moments.count) moments for \(k) steps")
        let ratio = noise * noise / Double(examples)
        var matrix = [Double](repeating: 0, count: k * k)
        for i in 0..<k {
            for j in 0..<k { matrix[i * k + j] = moments[i + j + 1] + ratio * moments[i + j] }
        }
        let right = Array(moments.prefix(k))
        guard let c = LinearSystem.solve(matrix, right) else { return nil }
        return (c, Double(dimension) - zip(c, right).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// The error of least squares of minimum norm, over prompts; infinite where |n − d| ≤ 1 and σ > 0.
    package static func leastSquaresError(
        dimension d: Int, examples n: Int, noise: Double, scale: Double = 1
    ) -> Double {
        let missing = scale * scale * Double(max(d - n, 0))
        guard noise > 0 else { return missing }
        guard (n - d).magnitude > 1 else { return .infinity }
        let spread = Double(min(n, d)) / Double((n - d).magnitude - 1)
        return missing + noise * noise * spread
    }

    /// The step a of one step of gradient descent from 0, ŵ = a Xᵀy/n, that is best for weights of scale 1.
    package static func bestStep(dimension d: Int, examples n: Int, noise: Double) -> Double {
        1 / (1 + (Double(d + 1) + noise * noise) / Double(n))
    }

    /// The error of one step a.
    package static func stepError(
        _ a: Double, dimension d: Int, examples n: Int, noise: Double, scale: Double = 1
    ) -> Double {
        let (square, count) = (scale * scale, Double(n))
        let spread = square * (1 + Double(d + 1) / count) + noise * noise / count
        return Double(d) * (square * (1 - 2 * a) + a * a * spread)
    }

    /// The error of one pass of stochastic gradient descent, each step η times the gradient −2x(y − w·x).
    package static func onePassError(
        rate: Double, dimension d: Int, examples n: Int, noise: Double, scale: Double = 1
    ) -> Double {
        let (size, square) = (Double(d), 4 * rate * rate)
        let factor = 1 - 4 * rate + square * (size + 2)
        var error = size * scale * scale
        for _ in 0..<n { error = error * factor + square * noise * noise * size }
        return error
    }
}
