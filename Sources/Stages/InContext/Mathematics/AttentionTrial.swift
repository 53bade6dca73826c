package import Numerics

/// Test prompts for a trained attention, the same each time, beside learners that are known.
package struct AttentionTrial {
    /// What came out, mean and standard error over the prompts.
    package struct Comparison: Sendable {
        /// |ŵ − w|² of the network, of least squares and of the Bayes estimator.
        package let error, leastSquares, bayes: RunningMean
        /// The squared distance of the network's predictions from both.
        package let fromLeastSquares, fromBayes: RunningMean
        /// |ŵ − w|² of as many steps of gradient descent as there are layers, the best on average.
        ///
        /// `nil` where rounding loses them.
        package let floor: RunningMean?
    }

    private let dimension, examples, draws: Int
    private let noise: Double
    private let stream: RandomStream
    private let arithmetic: Arithmetic
    private static let width = 64

    /// Names the prompts.
    package init(
        dimension: Int, examples: Int, noise: Double, draws: Int, stream: RandomStream,
        arithmetic: Arithmetic
    ) {
        (self.dimension, self.examples, self.draws) = (dimension, examples, draws)
        (self.noise, self.stream, self.arithmetic) = (noise, stream, arithmetic)
    }

    /// Calls with each batch, the weights that a network ends with, and how many of its prompts count.
    private func each(
        _ network: LinearAttention<Float>,
        _ work: (PromptBatch<Double>, Buffer<Double>, Int) -> Void
    ) {
        let exact = LinearAttention<Double>(
            dimension: dimension, layers: network.layers, width: Self.width,
            parameters: network.parameters.elements.map { Double($0) }, arithmetic: arithmetic)
        let batch = PromptBatch<Double>(
            dimension: dimension, examples: examples, width: Self.width, arithmetic: arithmetic)
        var stream = stream
        for first in stride(from: 0, to: draws, by: Self.width) {
            batch.draw(&stream, noise: noise)
            work(batch, exact.forward(batch), min(Self.width, draws - first))
        }
    }

    /// |ŵ − w|² of a network.
    package func error(_ network: LinearAttention<Float>) -> RunningMean {
        var mean = RunningMean()
        each(network) { batch, state, count in
            for lane in 0..<count {
                mean.add(
                    SolvedPrompt.distance(
                        batch.lane(lane, of: state), batch.weights(lane: lane)))
            }
        }
        return mean
    }

    /// A network beside least squares and the Bayes estimator.
    package func comparison(_ network: LinearAttention<Float>) -> Comparison {
        let bayes = LinearLearner.bayes(noise: noise, examples: examples)
        var error = RunningMean()
        var (least, best, fromLeast, fromBest) = (error, error, error, error)
        var moments = [Double](repeating: 0, count: 2 * network.layers)
        var prompts: [SolvedPrompt] = []
        each(network) { batch, state, count in
            for lane in 0..<count {
                let basis = batch.basis(lane)
                let prompt = batch.solved(lane, in: basis)
                let guess = basis.along(batch.lane(lane, of: state))
                let (ols, ridge) = (
                    prompt.guess(LinearLearner.leastSquares), prompt.guess(bayes)
                )
                error.add(prompt.error(guess))
                least.add(prompt.error(ols))
                best.add(prompt.error(ridge))
                fromLeast.add(SolvedPrompt.distance(guess, ols))
                fromBest.add(SolvedPrompt.distance(guess, ridge))
                prompt.addMoments(to: &moments)
                prompts.append(prompt)
            }
        }
        let steps = LinearLearner.bestDescent(
            steps: network.layers, moments: moments.map { $0 / Double(draws) },
            dimension: dimension, noise: noise, examples: examples)
        let floor = steps.map { found in
            prompts.reduce(into: RunningMean()) {
                $0.add($1.error($1.guess(LinearLearner.descent(found.steps))))
            }
        }
        return Comparison(
            error: error, leastSquares: least, bayes: best, fromLeastSquares: fromLeast,
            fromBayes: fromBest, floor: floor)
    }
}
