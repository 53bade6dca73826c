package import Numerics
import System

/// Which network predicts the next character.
package enum TextArchitecture: String, Sendable, CaseIterable {
    /// Embeddings of the last few characters side by side, one hidden ReLU layer.
    case window
    /// Embedding, gated recurrent unit (Cho et al., arXiv 1406.1078, with the reset gate after the product).
    case gru
}

/// The shape of a network of characters.
package struct TextShape: Sendable, Equatable {
    /// Which network.
    package let architecture: TextArchitecture
    /// Characters that there are, numbers of an embedding, hidden units.
    package let classes, embedding, hidden: Int
    /// Characters that a window sees; a recurrent network sees one and its state.
    package let context: Int

    /// Names a shape.
    package init(
        _ architecture: TextArchitecture, classes: Int, embedding: Int, hidden: Int, context: Int
    ) {
        precondition(classes > 1 && embedding > 0 && hidden > 0 && context > 0, "an empty layer")
        self.architecture = architecture
        self.classes = classes
        self.embedding = embedding
        self.hidden = hidden
        self.context = architecture == .gru ? 1 : context
    }

    /// Numbers that go into the hidden layer.
    var inputs: Int { context * embedding }

    /// Where parts start: embeddings `[classes, embedding]`, input weights and their biases, recurrent
    /// weights `[hidden, 3·hidden]` and their biases, output weights `[hidden, classes]`.
    package var layout: (weights: Int, recurrent: Int, output: Int, count: Int) {
        let width = architecture == .gru ? 3 * hidden : hidden
        let weights = classes * embedding
        let recurrent = weights + inputs * width + width
        let output = recurrent + (architecture == .gru ? hidden * width + width : 0)
        return (weights, recurrent, output, output + hidden * classes)
    }

    /// Parameters drawn for training: normal, variance 1/inputs of each layer (2/inputs before a ReLU),
    /// embeddings of variance 1; biases 0.
    package func initialParameters(_ stream: inout RandomStream) -> [Float] {
        var parameters = [Float](repeating: 0, count: layout.count)
        func fill(_ range: Range<Int>, _ variance: Double) {
            let scale = variance.squareRoot()
            for place in range { parameters[place] = Float(scale * stream.normal()) }
        }
        let width = architecture == .gru ? 3 * hidden : hidden
        fill(0..<layout.weights, 1)
        fill(
            layout.weights..<(layout.weights + inputs * width),
            (architecture == .gru ? 1 : 2) / Double(inputs))
        if architecture == .gru {
            fill(layout.recurrent..<(layout.recurrent + hidden * width), 1 / Double(hidden))
        }
        fill(layout.output..<layout.count, 1 / Double(hidden))
        return parameters
    }
}

/// A network of characters with room for a chunk of text: losses and gradients.
package final class TextModel {
    /// The shape.
    package let shape: TextShape
    /// Streams read side by side, and characters of each in a chunk.
    package let streams, length: Int
    let arithmetic: Arithmetic
    private let head: CrossEntropyHead<Float>
    private let index, targets: Buffer<Int32>
    private let rows, rowGradient: Buffer<Float>
    /// Hidden rows `[length, streams, hidden]`, one step of time after the other.
    private let hidden, hiddenGradient: Buffer<Float>
    private let recurrent: GatedRecurrence?

    /// Prepares for chunks of one size.
    package init(_ shape: TextShape, streams: Int, length: Int, arithmetic: Arithmetic) {
        self.shape = shape
        self.streams = streams
        self.length = length
        self.arithmetic = arithmetic
        let count = streams * length
        head = CrossEntropyHead(
            width: shape.hidden, classes: shape.classes, capacity: count, arithmetic: arithmetic)
        index = Buffer(count: count * shape.context)
        targets = Buffer(count: count)
        rows = Buffer(count: count * shape.inputs)
        rowGradient = Buffer(count: count * shape.inputs)
        hidden = Buffer(count: count * shape.hidden)
        hiddenGradient = Buffer(count: count * shape.hidden)
        recurrent =
            shape.architecture == .gru
            ? GatedRecurrence(shape, streams: streams, length: length, arithmetic: arithmetic) : nil
    }

    /// The recurrent state `[streams, hidden]`, zero at the start of a text; empty for a window.
    package var memory: [Float] {
        get { recurrent?.memory.elements ?? [] }
        set { recurrent?.memory.store(newValue, at: 0) }
    }

    /// The mean loss in nats of the chunk's characters, and its gradient; the state moves on.
    ///
    /// Row t·streams + s is character `start + t` of stream s, its target the next one. The
    /// gradient goes back through the chunk, not beyond it.
    package func gradient(
        _ parameters: Buffer<Float>, _ text: TextStreams, chunk: Int, into gradient: Buffer<Float>
    ) -> Double {
        precondition(text.streams == streams, "\(text.streams) streams for \(streams)")
        let (count, layout) = (streams * length, shape.layout)
        read(text, from: chunk * length)
        if chunk == 0 { recurrent?.forget() }
        arithmetic.gather(
            width: shape.embedding, parameters, entries: shape.classes, index,
            count: count * shape.context, into: rows)
        forward(parameters)
        let sum = head.gradient(
            rows: count, hidden: hidden,
            weights: MatrixPlace(parameters, at: layout.output, stride: shape.classes),
            targets: targets, scale: 1 / Float(count), hiddenGradient: hiddenGradient,
            weightGradient: MatrixPlace(gradient, at: layout.output, stride: shape.classes))
        backward(parameters, gradient)
        gradient.clear(0..<layout.weights)
        arithmetic.scatterAdd(
            width: shape.embedding, rowGradient, index, count: count * shape.context,
            into: gradient,
            entries: shape.classes)
        return sum / Double(count)
    }

    private func read(_ text: TextStreams, from start: Int) {
        var row = 0
        for t in 0..<length {
            for stream in 0..<streams {
                for back in 0..<shape.context {
                    index[row * shape.context + back] = text.token(
                        stream, start + t - shape.context + 1 + back)
                }
                targets[row] = text.token(stream, start + t + 1)
                row += 1
            }
        }
    }

    private func forward(_ parameters: Buffer<Float>) {
        let (count, layout) = (streams * length, shape.layout)
        let input = MatrixPlace(rows, stride: shape.inputs)
        if let recurrent {
            recurrent.forward(parameters, rows: input, into: hidden)
            return
        }
        arithmetic.product(
            m: count, n: shape.hidden, k: shape.inputs, input,
            MatrixPlace(parameters, at: layout.weights, stride: shape.hidden),
            into: MatrixPlace(hidden, stride: shape.hidden),
            start: .bias(parameters, at: layout.weights + shape.inputs * shape.hidden),
            finish: .relu)
    }

    private func backward(_ parameters: Buffer<Float>, _ gradient: Buffer<Float>) {
        let (count, layout) = (streams * length, shape.layout)
        let delta = MatrixPlace(hiddenGradient, stride: shape.hidden)
        if let recurrent {
            recurrent.backward(
                parameters, rows: rows, hidden: hidden, hiddenGradient: hiddenGradient,
                rowGradient: rowGradient, gradient: gradient)
            return
        }
        for i in 0..<(count * shape.hidden) where !(hidden[i] > 0) { hiddenGradient[i] = 0 }
        arithmetic.product(
            m: shape.inputs, n: shape.hidden, k: count,
            MatrixPlace(rows, stride: shape.inputs, isTransposed: true), delta,
            into: MatrixPlace(gradient, at: layout.weights, stride: shape.hidden))
        arithmetic.columnSums(
            rows: count, columns: shape.hidden, delta, into: gradient,
            at: layout.weights + shape.inputs * shape.hidden)
        arithmetic.product(
            m: count, n: shape.inputs, k: shape.hidden, delta,
            MatrixPlace(parameters, at: layout.weights, stride: shape.hidden, isTransposed: true),
            into: MatrixPlace(rowGradient, stride: shape.inputs))
    }
}
