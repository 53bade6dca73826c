package import Numerics

/// The Bayes learner of the first n features, run example by example; its prior may be a wrong one.
///
/// A Kalman filter for θ₁ … θₙ with the noise s of the restricted model. Features beyond n enter as what they
/// are given θ: noise of variance q = Σ_{i>n} θᵢ², the same all through a run, independent from example to
/// example. The sum for q takes `tailFeatures` of them; what lies beyond has its mean.
package struct SequentialLearner {
    /// n, T.
    package let size, examples: Int
    private let deviations, prior: [Double]
    private let tailDeviations: [Double]
    private let beyond, noise, assumed: Double
    private let numbers, covariance, gain, down: Buffer<Double>
    private let arithmetic: Arithmetic

    /// What a run gave, each averaged over its examples, in nats.
    package struct Outcome: Sendable {
        /// The divergence of the prediction from the truth, averaged over the features beyond n exactly.
        package let divergence: Double
        /// ½ ln(predicted variance/s): ½ ln det of the run's design, as its prior has it.
        package let information: Double
    }

    /// Prepares a learner of prior variances `prior`; λ itself is the matched one.
    package init(
        _ instance: LinearInstance, size: Int, examples: Int, tailFeatures: Int, prior: [Double],
        arithmetic: Arithmetic
    ) {
        precondition(prior.count == size && size >= 1 && examples >= 1, "a learner of \(size)")
        (self.size, self.examples, self.prior, self.arithmetic) = (
            size, examples, prior, arithmetic
        )
        var instance = instance
        let all = instance.variances(size + tailFeatures).map { $0.squareRoot() }
        deviations = Array(all.prefix(size))
        tailDeviations = Array(all.dropFirst(size))
        beyond = instance.tail(size + tailFeatures)
        noise = instance.noise
        assumed = instance.noise + instance.tail(size)
        numbers = Buffer(count: size + tailFeatures + examples * (size + 1))
        covariance = Buffer(count: size * size)
        gain = Buffer(count: size)
        down = Buffer(count: size)
    }

    /// One run, on a truth and examples of its own.
    package func run(_ stream: RandomStream) -> Outcome {
        var stream = stream
        stream.normals(into: numbers, count: numbers.count, kernels: arithmetic.kernels)
        let truth = (0..<size).map { deviations[$0] * numbers[$0] }
        var q = beyond
        for (place, deviation) in tailDeviations.enumerated() {
            let one = deviation * numbers[size + place]
            q.addProduct(one, one)
        }
        covariance.clear(0..<covariance.count)
        for (place, variance) in prior.enumerated() {
            covariance[place * size + place] = variance
        }
        var mean = [Double](repeating: 0, count: size)
        let spread = (q + noise).squareRoot()
        var (divergence, information) = (0.0, 0.0)
        for t in 0..<examples {
            let x = size + tailDeviations.count + t * (size + 1)
            arithmetic.vectorProduct(
                m: size, k: size, MatrixPlace(covariance, stride: size), numbers, at: x, into: gain)
            var (variance, error) = (assumed, 0.0)
            for place in 0..<size {
                variance.addProduct(numbers[x + place], gain[place])
                error.addProduct(truth[place] - mean[place], numbers[x + place])
            }
            divergence +=
                0.5
                * ((noise + q + error * error) / variance - 1 + Elementary.log(variance / noise))
            information += 0.5 * Elementary.log(variance / assumed)
            let surprise = (error + spread * numbers[x + size]) / variance
            for place in 0..<size {
                mean[place].addProduct(gain[place], surprise)
                down[place] = -(gain[place] / variance)
            }
            arithmetic.rankOne(
                m: size, n: size, gain, down, into: MatrixPlace(covariance, stride: size))
        }
        let count = Double(examples)
        return Outcome(divergence: divergence / count, information: information / count)
    }
}
