package import Numerics
import System
package import Workbench

/// A trained network with everything that is needed to use it.
package struct TrainedNetwork: Sendable, Equatable {
    /// The shape.
    package let specification: NetworkSpecification
    /// How points are presented to it.
    package let features: Features
    /// Every parameter, laid out as the specification says.
    package let parameters: [Float]

    /// Wraps parameters.
    package init(specification: NetworkSpecification, features: Features, parameters: [Float]) {
        self.specification = specification
        self.features = features
        self.parameters = parameters
    }

    /// What the file says of its matrices, so that a square one of another layout is not taken for ours.
    private static let layout = "out,in"

    /// Layers as tensors `layers.N.weight` `[outputs, inputs]` and `layers.N.bias`, and layer normalisations
    /// as `norms.N.weight` and `norms.N.bias`.
    package func safetensors() -> Safetensors {
        var tensors: [String: Safetensors.Tensor] = [:]
        for (number, layer) in specification.layers.enumerated() {
            func slice(_ start: Int, _ count: Int) -> [Float] {
                Array(parameters[start..<(start + count)])
            }
            tensors["layers.\(number).weight"] =
                Safetensors.Tensor(
                    shape: [layer.inputs, layer.outputs],
                    elements: slice(layer.weights, layer.inputs * layer.outputs)
                ).transposed
            tensors["layers.\(number).bias"] = Safetensors.Tensor(
                shape: [layer.outputs], elements: slice(layer.bias, layer.outputs))
            if let gain = layer.gain {
                tensors["norms.\(number).weight"] = Safetensors.Tensor(
                    shape: [layer.outputs], elements: slice(gain, layer.outputs))
                tensors["norms.\(number).bias"] = Safetensors.Tensor(
                    shape: [layer.outputs], elements: slice(gain + layer.outputs, layer.outputs))
            }
        }
        return Safetensors(
            tensors: tensors,
            metadata: [
                "features": features.rawValue, "activation": specification.activation.rawValue,
                "hidden": specification.hidden.map(String.init).joined(separator: ","),
                "layer_norm": String(specification.hasLayerNorm), "layout": Self.layout,
            ])
    }

    /// Reads a network back.
    ///
    /// - Throws: ``FormatError`` naming the tensor that is missing or has another shape, or the layout where
    ///   it is another.
    package init(_ file: Safetensors) throws(FormatError) {
        guard let features = file.metadata["features"].flatMap(Features.init(rawValue:)),
            let activation = file.metadata["activation"].flatMap(Activation.init(rawValue:)),
            let hidden = file.metadata["hidden"]?.split(separator: ",").compactMap({ Int($0) }),
            hidden.allSatisfy({ $0 > 0 })
        else { throw FormatError("expected weights.safetensors of mlp.train") }
        guard file.metadata["layout"] == Self.layout else {
            throw FormatError(
                "weights.safetensors: expected matrices of layout \(Self.layout), as mlp.train writes them "
                    + "from version 2 on, found "
                    + (file.metadata["layout"].map { "layout \($0)" } ?? "no word of their layout"))
        }
        let specification = NetworkSpecification(
            inputs: features.width, hidden: hidden, outputs: 1, activation: activation,
            hasLayerNorm: file.metadata["layer_norm"] == "true")
        var parameters = [Float](repeating: 0, count: specification.parameterCount)
        func place(_ name: String, _ start: Int, _ shape: Int...) throws(FormatError) {
            guard let tensor = file.tensors[name], tensor.shape == shape else {
                throw FormatError(
                    "weights.safetensors: expected a tensor \(name) of shape \(shape), found "
                        + (file.tensors[name].map { "shape \($0.shape)" } ?? "none"))
            }
            let elements = shape.count == 2 ? tensor.transposed.elements : tensor.elements
            for (offset, element) in elements.enumerated() {
                parameters[start + offset] = element
            }
        }
        for (number, layer) in specification.layers.enumerated() {
            try place("layers.\(number).weight", layer.weights, layer.outputs, layer.inputs)
            try place("layers.\(number).bias", layer.bias, layer.outputs)
            if let gain = layer.gain {
                try place("norms.\(number).weight", gain, layer.outputs)
                try place("norms.\(number).bias", gain + layer.outputs, layer.outputs)
            }
        }
        self.init(specification: specification, features: features, parameters: parameters)
    }
}
