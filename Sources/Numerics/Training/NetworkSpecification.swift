/// The shape of a fully connected network.
package struct NetworkSpecification: Sendable, Equatable {
    /// How many numbers go in.
    package let inputs: Int
    /// The widths of the hidden layers.
    package let hidden: [Int]
    /// How many numbers come out.
    package let outputs: Int
    /// What stands after each hidden layer.
    package let activation: Activation
    /// Whether each hidden layer is normalised before its activation (Ba et al., arXiv 1607.06450).
    package let hasLayerNorm: Bool

    /// Names a shape.
    package init(
        inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .relu,
        hasLayerNorm: Bool = false
    ) {
        precondition(inputs > 0 && outputs > 0 && hidden.allSatisfy { $0 > 0 }, "an empty layer")
        self.inputs = inputs
        self.hidden = hidden
        self.outputs = outputs
        self.activation = activation
        self.hasLayerNorm = hasLayerNorm
    }

    /// A dense layer's place in the flat parameter array.
    package struct Layer: Sendable, Equatable {
        /// Numbers in and out.
        package let inputs, outputs: Int
        /// Where its weights `[inputs, outputs]`, row-major, start.
        package let weights: Int
        /// Where its biases `[outputs]` start.
        package let bias: Int
        /// Where gain and shift `[outputs]` each of its normalisation start; `nil` without one.
        package let gain: Int?
    }

    /// The layers, first to last.
    package var layers: [Layer] {
        var layers: [Layer] = []
        var offset = 0
        let widths = [inputs] + hidden + [outputs]
        for index in 0..<(widths.count - 1) {
            let (i, o) = (widths[index], widths[index + 1])
            let normalizes = hasLayerNorm && index < hidden.count
            let bias = offset + i * o
            layers.append(
                Layer(
                    inputs: i, outputs: o, weights: offset, bias: bias,
                    gain: normalizes ? bias + o : nil))
            offset = bias + o + (normalizes ? 2 * o : 0)
        }
        return layers
    }

    /// How many parameters there are.
    package var parameterCount: Int {
        guard let last = layers.last else { return 0 }
        return last.bias + last.outputs
    }

    /// Parameters drawn for training: weights normal with variance 2/inputs (He et al., arXiv
    /// 1502.01852) before a ReLU or GELU and 1/inputs elsewhere; biases 0, gains 1.
    package func initialParameters(_ stream: inout RandomStream) -> [Double] {
        var parameters = [Double](repeating: 0, count: parameterCount)
        for (index, layer) in layers.enumerated() {
            let isRectified = index < hidden.count && (activation == .relu || activation == .gelu)
            let deviation = ((isRectified ? 2.0 : 1.0) / Double(layer.inputs)).squareRoot()
            for place in 0..<(layer.inputs * layer.outputs) {
                parameters[layer.weights + place] = deviation * stream.normal()
            }
            if let gain = layer.gain {
                for place in 0..<layer.outputs { parameters[gain + place] = 1 }
            }
        }
        return parameters
    }
}
