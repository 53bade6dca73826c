package import Numerics

/// Data that no training sees, with their sources: how good a flow is.
package struct SeparationTrial {
    /// What a trial finds.
    package struct Score {
        /// The flow's mean log-likelihood.
        package let likelihood: Double
        /// That of the true flow on the same data, less the flow's.
        package let gap: Double
        /// The Amari distance.
        package let amari: Double
    }

    private let mixture: KnownMixture
    private let pass: FlowPass
    private let sources: Buffer<Double>
    /// The true flow's mean log-likelihood.
    package let truth: Double

    /// Draws so many data.
    ///
    /// - Throws: ``NumericsError`` where a true W has no inverse.
    package init(_ mixture: KnownMixture, count: Int, seed: UInt64) throws(NumericsError) {
        self.mixture = mixture
        pass = FlowPass(rows: count, mixture.truth)
        var stream = RandomStream(seed: seed, purpose: "test")
        let drawn = mixture.data(count, stream: &stream)
        sources = drawn.sources
        pass.inputs[0].copy(drawn.mixed)
        mixture.truth.forward(pass)
        truth = try mixture.truth.likelihood(pass)
    }

    /// Likelihood and distance of a flow.
    ///
    /// The distance is that of W·A for one layer, A the mixture. For more it is that of Σ z·sᵀ, the outputs
    /// less their means and the sources.
    ///
    /// - Throws: ``NumericsError`` where a W has no inverse.
    package func score(_ flow: InvertibleFlow) throws(NumericsError) -> Score {
        flow.forward(pass)
        let likelihood = try flow.likelihood(pass)
        let d = flow.dimension
        let joint = Buffer<Double>(count: d * d)
        let into = MatrixPlace(joint, stride: d)
        if flow.layers == 1 {
            flow.arithmetic.product(
                m: d, n: d, k: d, MatrixPlace(flow.weights[0], stride: d),
                MatrixPlace(mixture.inverses[0], stride: d), into: into)
        } else {
            let (out, means) = (Buffer<Double>(count: sources.count), Buffer<Double>(count: d))
            out.copy(pass.outputs[flow.layers - 1])
            flow.arithmetic.columnSums(
                rows: pass.rows, columns: d, MatrixPlace(out, stride: d), into: means)
            flow.arithmetic.scale(means, 0..<d, by: -1 / Double(pass.rows))
            flow.arithmetic.rankOne(
                m: pass.rows, n: d, pass.ones, means, into: MatrixPlace(out, stride: d))
            flow.arithmetic.product(
                m: d, n: d, k: pass.rows, MatrixPlace(out, stride: d, isTransposed: true),
                MatrixPlace(sources, stride: d), into: into)
        }
        return Score(
            likelihood: likelihood, gap: truth - likelihood,
            amari: amariDistance(joint.elements, order: d))
    }
}
