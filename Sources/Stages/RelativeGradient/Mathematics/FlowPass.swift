package import Numerics

/// A batch on its way through a flow, and room for what its layers make of it.
package final class FlowPass {
    /// How many data there are.
    package let rows: Int
    /// y, W·y and z = W·y + b of each layer, `[rows, d]`.
    package let inputs, products, outputs: [Buffer<Double>]
    /// Derivatives of the mean log-likelihood by z, less log |det W|.
    package let deltas: [Buffer<Double>]
    /// s′(z) and s″(z)/s′(z) of all layers but the last.
    let slopes, ratios: [Buffer<Double>]
    let ones: Buffer<Double>
    /// Additions and multiplications of products and eliminations so far.
    package var operations = 0

    /// Room for so many data; what they are is stored in `inputs[0]`.
    package init(rows: Int, _ flow: InvertibleFlow) {
        self.rows = rows
        func room(_ count: Int) -> [Buffer<Double>] {
            (0..<count).map { _ in Buffer(count: rows * flow.dimension) }
        }
        (inputs, products) = (room(flow.layers), room(flow.layers))
        (outputs, deltas) = (room(flow.layers), room(flow.layers))
        (slopes, ratios) = (room(flow.layers - 1), room(flow.layers - 1))
        ones = Buffer([Double](repeating: 1, count: rows))
    }
}
