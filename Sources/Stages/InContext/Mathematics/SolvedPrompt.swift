/// One prompt in the eigenvectors of its S: what each learner that is a function of S makes of it.
package struct SolvedPrompt: Sendable {
    /// The eigenvalues of S, ascending; 0 where S has no rank.
    package let values: [Double]
    /// The true weights, and Xᵀy/n, along the eigenvectors.
    package let weights, cross: [Double]

    /// A prompt of these weights and this Xᵀy/n.
    package init(_ basis: PromptBasis, weights: [Double], cross: [Double]) {
        values = basis.values
        self.weights = basis.along(weights)
        self.cross = basis.along(cross)
    }

    /// Adds tr Sⁱ to the place of each i = 1, 2, ….
    package func addMoments(to sums: inout [Double]) {
        var powers = values
        for place in sums.indices {
            for (index, value) in values.enumerated() {
                sums[place] += powers[index]
                powers[index] *= value
            }
        }
    }

    /// The guess of a learner f: ŵ = f(S) Xᵀy/n.
    package func guess(_ f: (Double) -> Double) -> [Double] {
        zip(values, cross).map { f($0) * $1 }
    }

    /// |ŵ − w|².
    package func error(_ guess: [Double]) -> Double { Self.distance(guess, weights) }

    /// The squared distance of two guesses: that of their predictions, averaged over x.
    package static func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    /// |ŵ − w|² of a learner averaged over weights (of scale τ) and label noise, given X.
    package func expected(noise: Double, scale: Double, examples: Int, _ f: (Double) -> Double)
        -> Double
    {
        values.reduce(0) { sum, s in
            let (bias, gain) = (1 - f(s) * s, f(s))
            return sum + scale * scale * bias * bias
                + noise * noise / Double(examples) * gain * gain * s
        }
    }
}
