package import Numerics

/// Both gradients of one flow on one batch of normal data.
package struct GradientTrial {
    private let flow: InvertibleFlow
    private let pass: FlowPass
    private let ordinary, relative: FlowGradient

    /// A flow near the unit matrix, W = 1 + ½N/√d with N normal, and a batch.
    package init(
        dimension: Int, layers: Int, batch: Int, slope: Double, density: SourceDensity,
        seed: UInt64, arithmetic: Arithmetic
    ) {
        flow = InvertibleFlow(
            dimension: dimension, layers: layers, slope: slope, density: density,
            arithmetic: arithmetic)
        var stream = RandomStream(seed: seed, purpose: "flow", index: UInt64(dimension))
        flow.disturb(by: 0.5, stream: &stream)
        pass = FlowPass(rows: batch, flow)
        for place in 0..<(batch * dimension) { pass.inputs[0][place] = stream.normal() }
        ordinary = FlowGradient(.ordinary, rows: batch, flow)
        relative = FlowGradient(.relative, rows: batch, flow)
    }

    /// Computes one of them.
    ///
    /// - Throws: ``NumericsError`` where a W has no inverse.
    /// - Returns: the operations of its products and eliminations.
    @discardableResult
    package func compute(_ form: GradientForm) throws(NumericsError) -> Int {
        pass.operations = 0
        try (form == .ordinary ? ordinary : relative).compute(flow, pass)
        return pass.operations
    }

    /// ‖R − G·Wᵀ·W‖/‖R‖ of the two, once they are computed.
    package func distance() -> Double {
        relative.distance(toTransported: ordinary, flow)
    }
}
