package import Numerics

/// Gradient ascent of a flow's likelihood on drawn data, from W = 1 and b = 0.
package struct FlowTraining {
    /// What is trained.
    package let flow: InvertibleFlow
    /// Operations of products and eliminations so far.
    package var operations: Int { pass.operations }
    private let data: Buffer<Double>
    private let samples: Int
    private let pass: FlowPass
    private let gradient: FlowGradient
    private var choice: RandomStream

    /// Draws data; a batch of as many or more takes all of them each time.
    package init(
        _ mixture: KnownMixture, samples: Int, batch: Int, form: GradientForm, seed: UInt64
    ) {
        let truth = mixture.truth
        flow = InvertibleFlow(
            dimension: truth.dimension, layers: truth.layers, slope: truth.slope,
            density: truth.density, arithmetic: truth.arithmetic)
        var stream = RandomStream(seed: seed, purpose: "data")
        (data, self.samples) = (mixture.data(samples, stream: &stream).mixed, samples)
        pass = FlowPass(rows: min(batch, samples), flow)
        gradient = FlowGradient(form, rows: pass.rows, flow)
        choice = RandomStream(seed: seed, purpose: "batches")
        pass.inputs[0].copy(Buffer(data.elements(0..<(pass.rows * truth.dimension))))
    }

    /// Takes a step.
    ///
    /// - Throws: ``NumericsError`` where a W has no inverse and the gradient needs it.
    /// - Returns: whether the gradient is finite; where it is not, nothing moves.
    package mutating func step(rate: Double) throws(NumericsError) -> Bool {
        let d = flow.dimension
        if pass.rows < samples {
            let places = Buffer((0..<pass.rows).map { _ in Int32(choice.integer(below: samples)) })
            flow.arithmetic.gather(
                width: d, data, entries: samples, places, count: pass.rows, into: pass.inputs[0])
        }
        try gradient.compute(flow, pass)
        let sums = (gradient.weights + gradient.biases).map {
            flow.arithmetic.sum($0, 0..<$0.count)
        }
        guard sums.allSatisfy({ $0.isFinite }) else { return false }
        flow.move(by: rate, gradient)
        return true
    }
}
