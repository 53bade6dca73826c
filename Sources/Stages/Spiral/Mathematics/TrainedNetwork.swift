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

    /// Layers as tensors `layers.N.weight` `[inputs, outputs]`, `.bias`, `.gain`, `.shift`.
    package func safetensors() -> Safetensors {
        var tensors: [String: Safetensors.Tensor] = [:]
        for (number, layer) in specification.layers.enumerated() {
            func slice(_ start: Int, _ count: Int) -> [Float] {
                Array(parameters[start..<(start + count)])
            }
            tensors["layers.\(number).weight"] = Safetensors.Tensor(
                shape: [layer.inputs, layer.outputs],
                elements: slice(layer.weights, layer.inputs * layer.outputs))
            tensors["layers.\(number).bias"] = Safetensors.Tensor(
                shape: [layer.outputs], elements: slice(layer.bias, layer.outputs))
            if let gain = layer.gain {
                tensors["layers.\(number).gain"] = Safetensors.Tensor(
                    shape: [layer.outputs], elements: slice(gain, layer.outputs))
                tensors["layers.\(number).shift"] = Safetensors.Tensor(
                    shape: [layer.outputs], elements: slice(gain + layer.outputs, layer.outputs))
            }
        }
        return Safetensors(
            tensors: tensors,
            metadata: [
                "features": features.rawValue, "activation": specification.activation.rawValue,
                "hidden": specification.hidden.map(String.init).joined(separator: ","),
                "layer_norm": String(specification.hasLayerNorm),
            ])
    }

    /// Reads a network back.
    ///
    /// - Throws: ``FormatError`` naming the tensor that is missing or has another shape.
    package init(_ file: Safetensors) throws(FormatError) {
        guard let features = file.metadata["features"].flatMap(Features.init(rawValue:)),
            let activation = file.metadata["activation"].flatMap(Activation.init(rawValue:)),
            let hidden = file.metadata["hidden"]?.split(separator: ",").compactMap({ Int($0) }),
            hidden.allSatisfy({ $0 > 0 })
        else { throw FormatError("expected weights.safetensors of mlp.train") }
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
            for (offset, element) in tensor.elements.enumerated() {
                parameters[start + offset] = element
            }
        }
        for (number, layer) in specification.layers.enumerated() {
            try place("layers.\(number).weight", layer.weights, layer.inputs, layer.outputs)
            try place("layers.\(number).bias", layer.bias, layer.outputs)
            if let gain = layer.gain {
                try place("layers.\(number).gain", gain, layer.outputs)
                try place("layers.\(number).shift", gain + layer.outputs, layer.outputs)
            }
        }
        self.init(specification: specification, features: features, parameters: parameters)
    }
}
