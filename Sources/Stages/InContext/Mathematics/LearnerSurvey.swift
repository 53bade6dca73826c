package import Numerics

/// Drawn prompts, and the errors that learners make on them.
package struct LearnerSurvey {
    /// What is known of a learner on the drawn prompts.
    package struct Finding: Sendable {
        /// |ŵ − w|², mean and standard error.
        package let error: RunningMean
        /// The mean over weights and noise given X, over the drawn X.
        package let expected: RunningMean
        /// The squared distance of predictions from those of least squares, and of the Bayes estimator.
        package let fromLeastSquares, fromBayes: RunningMean
    }

    /// d and n.
    package let dimension, examples: Int
    /// σ and τ.
    package let noise, scale: Double
    /// The prompts along their eigenvectors.
    package let prompts: [SolvedPrompt]
    /// Errors of one pass of stochastic gradient descent at each rate.
    package let passes: [RunningMean]

    /// Draws prompts, 64 at once.
    package init(
        dimension: Int, examples: Int, noise: Double, scale: Double, draws: Int, rates: [Double],
        stream: RandomStream, arithmetic: Arithmetic
    ) {
        (self.dimension, self.examples) = (dimension, examples)
        (self.noise, self.scale) = (noise, scale)
        let batch = PromptBatch<Double>(
            dimension: dimension, examples: examples, width: 64, arithmetic: arithmetic)
        var stream = stream
        var (prompts, passes): ([SolvedPrompt], [RunningMean]) = (
            [], rates.map { _ in RunningMean() }
        )
        while prompts.count < draws {
            batch.draw(&stream, noise: noise, scale: scale)
            let count = min(64, draws - prompts.count)
            for lane in 0..<count { prompts.append(batch.solved(lane, in: batch.basis(lane))) }
            for (place, rate) in rates.enumerated() {
                for error in batch.onePass(rate: rate).prefix(count) { passes[place].add(error) }
            }
        }
        (self.prompts, self.passes) = (prompts, passes)
    }

    /// E tr Sⁱ for i = 1 … count, over the drawn prompts.
    package func moments(_ count: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: count)
        for prompt in prompts { prompt.addMoments(to: &sums) }
        return sums.map { $0 / Double(prompts.count) }
    }

    /// What a learner f makes of the prompts.
    package func finding(_ f: (Double) -> Double) -> Finding {
        let bayes = LinearLearner.bayes(noise: noise, examples: examples)
        var error = RunningMean()
        var (expected, fromLeastSquares, fromBayes) = (error, error, error)
        for prompt in prompts {
            let guess = prompt.guess(f)
            error.add(prompt.error(guess))
            expected.add(prompt.expected(noise: noise, scale: scale, examples: examples, f))
            fromLeastSquares.add(
                SolvedPrompt.distance(guess, prompt.guess(LinearLearner.leastSquares)))
            fromBayes.add(SolvedPrompt.distance(guess, prompt.guess(bayes)))
        }
        return Finding(
            error: error, expected: expected, fromLeastSquares: fromLeastSquares,
            fromBayes: fromBayes)
    }
}

extension PromptBatch<Double> {
    /// The eigenvectors of a prompt.
    package func basis(_ lane: Int) -> PromptBasis {
        PromptBasis(
            second: self.lane(lane, of: second), dimension: dimension, examples: examples)
    }

    /// A prompt along its eigenvectors.
    package func solved(_ lane: Int, in basis: PromptBasis) -> SolvedPrompt {
        SolvedPrompt(basis, weights: weights(lane: lane), cross: self.lane(lane, of: cross))
    }

    /// |ŵ − w|² of every prompt after one pass: each step `rate` times the gradient −2x(y − ŵ·x), from 0.
    package func onePass(rate: Double) -> [Double] {
        (0..<width).map { lane in
            var guess = [Double](repeating: 0, count: dimension)
            for t in 0..<examples {
                var left = label(t, lane: lane)
                for i in 0..<dimension { left -= guess[i] * input(t, i, lane: lane) }
                left *= 2 * rate
                for i in 0..<dimension { guess[i] += left * input(t, i, lane: lane) }
            }
            return SolvedPrompt.distance(guess, weights(lane: lane))
        }
    }
}
