/// Forward and backward passes of a network over batches, in buffers that are made once.
///
/// Bits: products by ``TrainingScalar/multiply(_:transposed:_:transposed:into:m:n:k:keep:blas:)``;
/// everything else in the order of examples, then features. Sums over a batch run from the first
/// example to the last.
package struct NetworkEvaluator<Scalar: TrainingScalar>: Sendable {
    /// The shape.
    package let specification: NetworkSpecification
    private let layers: [NetworkSpecification.Layer]
    private let blas: BLASRuntime
    private let capacity: Int
    /// For each layer: what goes in, the sum before activation, the slope of the activation.
    private var inputs: [[Scalar]]
    private var slopes: [[Scalar]]
    private var normalized: [[Scalar]]
    private var deviations: [[Scalar]]
    private var delta: [[Scalar]]
    private var outputGradient: [Double]

    /// Prepares for batches of at most `capacity` examples.
    package init(_ specification: NetworkSpecification, capacity: Int, blas: BLASRuntime) {
        self.specification = specification
        self.capacity = capacity
        self.blas = blas
        layers = specification.layers
        inputs = layers.map { Array(repeating: 0, count: $0.inputs * capacity) }
        inputs.append(Array(repeating: 0, count: specification.outputs * capacity))
        slopes = layers.map { Array(repeating: 0, count: $0.outputs * capacity) }
        normalized = layers.map {
            Array(repeating: 0, count: $0.gain == nil ? 0 : $0.outputs * capacity)
        }
        deviations = layers.map { Array(repeating: 0, count: $0.gain == nil ? 0 : capacity) }
        delta = inputs
        outputGradient = Array(repeating: 0, count: specification.outputs)
    }

    /// The outputs `[count, outputs]` for examples `[count, inputs]`, in batches.
    package mutating func outputs(_ parameters: [Scalar], _ examples: [Scalar]) -> [Scalar] {
        let width = specification.inputs
        let count = examples.count / width
        var result: [Scalar] = []
        result.reserveCapacity(count * specification.outputs)
        var start = 0
        while start < count {
            let size = min(capacity, count - start)
            for place in 0..<(size * width) { inputs[0][place] = examples[start * width + place] }
            forward(parameters, size)
            result += inputs[layers.count][..<(size * specification.outputs)]
            start += size
        }
        return result
    }

    /// The mean loss of a batch and its gradient; `rows` picks the examples.
    package mutating func gradient(
        _ parameters: [Scalar], _ examples: [Scalar], _ targets: [Double], rows: ArraySlice<Int>,
        loss: Loss, into gradient: inout [Scalar]
    ) -> Double {
        let width = specification.inputs
        precondition(rows.count <= capacity && !rows.isEmpty, "a batch of \(rows.count)")
        for (place, row) in rows.enumerated() {
            for feature in 0..<width {
                inputs[0][place * width + feature] = examples[row * width + feature]
            }
        }
        forward(parameters, rows.count)
        var sum = 0.0
        let outputs = specification.outputs
        let last = layers.count
        var one = [Double](repeating: 0, count: outputs)
        for (place, row) in rows.enumerated() {
            for output in 0..<outputs {
                one[output] = Double(inputs[last][place * outputs + output])
            }
            sum += loss.evaluate(one[...], target: targets[row], gradient: &outputGradient)
            for output in 0..<outputs {
                delta[last][place * outputs + output] = Scalar(
                    outputGradient[output] / Double(rows.count))
            }
        }
        backward(parameters, rows.count, &gradient)
        return sum / Double(rows.count)
    }

    private mutating func forward(_ parameters: [Scalar], _ count: Int) {
        for (number, layer) in layers.enumerated() {
            let width = layer.outputs
            Scalar.multiply(
                inputs[number], transposed: false, parameters, from: layer.weights,
                transposed: false, into: &inputs[number + 1], at: 0, m: count, n: width,
                k: layer.inputs, keep: 0, blas: blas)
            for row in 0..<count {
                for column in 0..<width {
                    inputs[number + 1][row * width + column] += parameters[layer.bias + column]
                }
            }
            if number == layers.count - 1 { return }
            if let gain = layer.gain { normalize(number, gain, parameters, count) }
            activate(number, count * width)
        }
    }

    private mutating func activate(_ number: Int, _ size: Int) {
        if specification.activation == .relu {
            for place in 0..<size {
                let isOn = inputs[number + 1][place] > 0
                slopes[number][place] = isOn ? 1 : 0
                if !isOn { inputs[number + 1][place] = 0 }
            }
            return
        }
        for place in 0..<size {
            let (value, slope) = specification.activation.apply(Double(inputs[number + 1][place]))
            inputs[number + 1][place] = Scalar(value)
            slopes[number][place] = Scalar(slope)
        }
    }

    /// (x − mean)/√(variance + 10⁻⁵), times gain, plus shift.
    private mutating func normalize(
        _ number: Int, _ gain: Int, _ parameters: [Scalar], _ count: Int
    ) {
        let width = layers[number].outputs
        for row in 0..<count {
            let start = row * width
            var mean: Scalar = 0
            for column in 0..<width { mean += inputs[number + 1][start + column] }
            mean /= Scalar(width)
            var variance: Scalar = 0
            for column in 0..<width {
                let offset = inputs[number + 1][start + column] - mean
                variance += offset * offset
            }
            let inverse = 1 / (variance / Scalar(width) + 1e-5).squareRoot()
            deviations[number][row] = inverse
            for column in 0..<width {
                let value = (inputs[number + 1][start + column] - mean) * inverse
                normalized[number][start + column] = value
                inputs[number + 1][start + column] =
                    value * parameters[gain + column] + parameters[gain + width + column]
            }
        }
    }

    private mutating func backward(_ parameters: [Scalar], _ count: Int, _ gradient: inout [Scalar])
    {
        for number in layers.indices.reversed() {
            let layer = layers[number]
            let width = layer.outputs
            if number < layers.count - 1 {
                for place in 0..<(count * width) {
                    delta[number + 1][place] *= slopes[number][place]
                }
                if let gain = layer.gain { unnormalize(number, gain, parameters, count, &gradient) }
            }
            for column in 0..<width {
                gradient[layer.bias + column] = 0
            }
            for row in 0..<count {
                for column in 0..<width {
                    gradient[layer.bias + column] += delta[number + 1][row * width + column]
                }
            }
            Scalar.multiply(
                inputs[number], transposed: true, delta[number + 1], from: 0, transposed: false,
                into: &gradient, at: layer.weights, m: layer.inputs, n: width, k: count, keep: 0,
                blas: blas)
            if number > 0 {
                Scalar.multiply(
                    delta[number + 1], transposed: false, parameters, from: layer.weights,
                    transposed: true, into: &delta[number], at: 0, m: count, n: layer.inputs,
                    k: width, keep: 0, blas: blas)
            }
        }
    }

    private mutating func unnormalize(
        _ number: Int, _ gain: Int, _ parameters: [Scalar], _ count: Int, _ gradient: inout [Scalar]
    ) {
        let width = layers[number].outputs
        for column in 0..<(2 * width) { gradient[gain + column] = 0 }
        for row in 0..<count {
            let start = row * width
            var mean: Scalar = 0
            var product: Scalar = 0
            for column in 0..<width {
                let d = delta[number + 1][start + column]
                let value = normalized[number][start + column]
                gradient[gain + column] += d * value
                gradient[gain + width + column] += d
                let scaled = d * parameters[gain + column]
                delta[number + 1][start + column] = scaled
                mean += scaled
                product += scaled * value
            }
            mean /= Scalar(width)
            product /= Scalar(width)
            for column in 0..<width {
                let value = normalized[number][start + column]
                delta[number + 1][start + column] =
                    (delta[number + 1][start + column] - mean - value * product)
                    * deviations[number][row]
            }
        }
    }
}
