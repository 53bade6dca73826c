/// Forward and backward passes of a network over batches, in buffers that are made once.
///
/// Bits: every step is one of ``Arithmetic``'s; sums over a batch run from the first example to the
/// last, but for the mean loss, which is a sum of 32 lanes.
package struct NetworkEvaluator<Scalar: KernelScalar> {
    /// The shape.
    package let specification: NetworkSpecification
    private let layers: [NetworkSpecification.Layer]
    private let arithmetic: Arithmetic
    private let capacity: Int
    /// What goes into each layer, and last what comes out; later the gradients of the same.
    private let inputs: [Buffer<Scalar>]
    private let deltas: [Buffer<Scalar>]
    /// For each layer, where it has them: the slope of the activation, what normalisation keeps.
    private let slopes: [Buffer<Scalar>]
    private let normalized: [Buffer<Scalar>]
    private let deviations: [Buffer<Scalar>]
    private let targets: Buffer<Scalar>
    private let classes: Buffer<Int32>
    private let index: Buffer<Int32>
    private let losses: Buffer<Scalar>

    /// Prepares for batches of at most `capacity` examples.
    package init(_ specification: NetworkSpecification, capacity: Int, arithmetic: Arithmetic) {
        self.specification = specification
        self.capacity = capacity
        self.arithmetic = arithmetic
        layers = specification.layers
        let widths = layers.map { $0.inputs } + [specification.outputs]
        inputs = widths.map { Buffer(count: $0 * capacity) }
        deltas = widths.enumerated().map {
            Buffer(count: $0.offset == 0 ? 0 : $0.element * capacity)
        }
        slopes = layers.dropLast().map { Buffer(count: $0.outputs * capacity) }
        normalized = layers.map { Buffer(count: $0.gain == nil ? 0 : $0.outputs * capacity) }
        deviations = layers.map { Buffer(count: $0.gain == nil ? 0 : capacity) }
        targets = Buffer(count: capacity)
        classes = Buffer(count: capacity)
        index = Buffer(count: capacity)
        losses = Buffer(count: capacity * max(1, specification.outputs))
    }

    /// The outputs `[count, outputs]` for examples `[count, inputs]`, in batches.
    package func outputs(_ parameters: Buffer<Scalar>, _ examples: Buffer<Scalar>) -> [Scalar] {
        let width = specification.inputs
        let count = examples.count / width
        var result: [Scalar] = []
        result.reserveCapacity(count * specification.outputs)
        var start = 0
        while start < count {
            let size = min(capacity, count - start)
            forward(parameters, MatrixPlace(examples, at: start * width, stride: width), size)
            result += inputs[layers.count].elements(0..<(size * specification.outputs))
            start += size
        }
        return result
    }

    /// The mean loss of a batch and its gradient.
    ///
    /// `examples` is `[n, inputs]`, `targets` `[n]`; `rows` picks the batch, `nil` takes all in order.
    package func gradient(
        _ parameters: Buffer<Scalar>, _ examples: Buffer<Scalar>, _ targets: Buffer<Scalar>,
        rows: ArraySlice<Int>?, loss: Loss, into gradient: Buffer<Scalar>
    ) -> Double {
        let width = specification.inputs
        let count = rows?.count ?? targets.count
        precondition(count <= capacity && count > 0, "a batch of \(count)")
        var batch = MatrixPlace(examples, stride: width)
        var wanted = targets
        if let rows {
            for (place, row) in rows.enumerated() { index[place] = Int32(row) }
            arithmetic.gather(
                width: width, examples, entries: targets.count, index, count: count, into: inputs[0]
            )
            arithmetic.gather(
                width: 1, targets, entries: targets.count, index, count: count, into: self.targets)
            batch = MatrixPlace(inputs[0], stride: width)
            wanted = self.targets
        }
        forward(parameters, batch, count)
        let mean = evaluate(loss, wanted, count)
        backward(parameters, batch, count, gradient)
        return mean
    }

    /// The mean loss; its gradient with respect to the outputs takes their place.
    private func evaluate(_ loss: Loss, _ targets: Buffer<Scalar>, _ count: Int) -> Double {
        let outputs = inputs[layers.count]
        let scale = 1 / Scalar(count)
        switch loss {
        case .logistic:
            arithmetic.logisticLoss(
                count: count, scale: scale, targets: targets, outputs, losses: losses)
        case .crossEntropy:
            for place in 0..<count { classes[place] = Int32(targets[place]) }
            arithmetic.crossEntropy(
                rows: count, classes: specification.outputs, scale: scale, targets: classes,
                MatrixPlace(outputs, stride: specification.outputs), losses: losses)
        case .squared:
            arithmetic.squaredLoss(
                count: count, scale: scale, targets: targets, outputs, losses: losses)
        case .focal:
            for place in 0..<count {
                let (value, slope) = loss.evaluate(
                    Double(outputs[place]), target: Double(targets[place]))
                losses[place] = Scalar(value)
                outputs[place] = Scalar(slope) * scale
            }
        }
        return arithmetic.sumWide(losses, 0..<count) / Double(count)
    }

    private func forward(_ parameters: Buffer<Scalar>, _ batch: MatrixPlace<Scalar>, _ count: Int) {
        for (number, layer) in layers.enumerated() {
            let width = layer.outputs
            let isLast = number == layers.count - 1
            let rectifies = !isLast && layer.gain == nil && specification.activation == .relu
            arithmetic.product(
                m: count, n: width, k: layer.inputs,
                number == 0 ? batch : MatrixPlace(inputs[number], stride: layer.inputs),
                MatrixPlace(parameters, at: layer.weights, stride: width),
                into: MatrixPlace(inputs[number + 1], stride: width),
                start: .bias(parameters, at: layer.bias), finish: rectifies ? .relu : .none)
            if isLast || rectifies { continue }
            if let gain = layer.gain {
                arithmetic.normalize(
                    rows: count, width: width, gain: parameters, at: gain, inputs[number + 1],
                    normalized: normalized[number], deviations: deviations[number])
            }
            arithmetic.activate(
                specification.activation, inputs[number + 1], slope: slopes[number],
                count: count * width)
        }
    }

    private func backward(
        _ parameters: Buffer<Scalar>, _ batch: MatrixPlace<Scalar>, _ count: Int,
        _ gradient: Buffer<Scalar>
    ) {
        for number in layers.indices.reversed() {
            let layer = layers[number]
            let width = layer.outputs
            // The last layer's gradient stands where its outputs stood.
            let buffer = number == layers.count - 1 ? inputs[number + 1] : deltas[number + 1]
            let delta = MatrixPlace(buffer, stride: width)
            if number < layers.count - 1 {
                if specification.activation != .relu {
                    arithmetic.multiply(buffer, by: slopes[number], count: count * width)
                }
                if let gain = layer.gain {
                    gradient.clear(gain..<(gain + 2 * width))
                    arithmetic.unnormalize(
                        rows: count, width: width, gain: parameters, at: gain,
                        normalized: normalized[number], deviations: deviations[number],
                        delta: buffer, gradient: gradient)
                }
            }
            arithmetic.columnSums(
                rows: count, columns: width, delta, into: gradient, at: layer.bias)
            let entering = number == 0 ? batch : MatrixPlace(inputs[number], stride: layer.inputs)
            arithmetic.product(
                m: layer.inputs, n: width, k: count,
                MatrixPlace(
                    entering.buffer, at: entering.offset, stride: entering.stride,
                    isTransposed: true), delta,
                into: MatrixPlace(gradient, at: layer.weights, stride: width))
            if number == 0 { return }
            // Where a ReLU gave 0, nothing goes back: its output says so.
            let gates = specification.activation == .relu
            arithmetic.product(
                m: count, n: layer.inputs, k: width, delta,
                MatrixPlace(parameters, at: layer.weights, stride: width, isTransposed: true),
                into: MatrixPlace(deltas[number], stride: layer.inputs),
                finish: gates ? .gate(entering) : .none)
        }
    }
}
