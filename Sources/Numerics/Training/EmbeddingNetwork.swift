/// Tokens to classes: a learned embedding, one hidden ReLU layer, an unembedding without bias.
///
/// A batch is computed once for each *distinct* token, in ascending order: the definition of its
/// gradient is the sum over distinct tokens x of n(x)·softmax − Σ one-hot, not a sum over draws.
package struct EmbeddingNetwork<Scalar: KernelScalar> {
    /// Tokens, width of an embedding, width of the hidden layer, classes.
    package let tokens, width, hidden, classes: Int
    private let arithmetic: Arithmetic
    private let head: CrossEntropyHead<Scalar>
    private let rows, first, second: Buffer<Scalar>
    private let rowGradient, firstGradient, secondGradient: Buffer<Scalar>
    private let groups: TokenGroups
    private let capacity: Int

    /// Prepares for batches of at most `capacity` draws.
    package init(
        tokens: Int, width: Int, hidden: Int, classes: Int, capacity: Int, arithmetic: Arithmetic
    ) {
        self.tokens = tokens
        self.width = width
        self.hidden = hidden
        self.classes = classes
        self.capacity = capacity
        self.arithmetic = arithmetic
        let count = min(tokens, capacity)
        head = CrossEntropyHead(
            width: width, classes: classes, capacity: count, arithmetic: arithmetic)
        rows = Buffer(count: count * width)
        first = Buffer(count: count * hidden)
        second = Buffer(count: count * width)
        rowGradient = Buffer(count: count * width)
        firstGradient = Buffer(count: count * hidden)
        secondGradient = Buffer(count: count * width)
        groups = TokenGroups(tokens: tokens, capacity: capacity)
    }

    /// Where parts start in the parameters: embedding `[tokens, width]`, weights `[width, hidden]` and
    /// biases, weights `[hidden, width]` and biases, unembedding `[width, classes]`.
    package var layout: (first: Int, second: Int, unembedding: Int, count: Int) {
        let first = tokens * width
        let second = first + width * hidden + hidden
        let unembedding = second + hidden * width + width
        return (first, second, unembedding, unembedding + width * classes)
    }

    /// The mean loss over a batch of draws (token, class) and its gradient.
    package func gradient(
        _ parameters: Buffer<Scalar>, inputs: Buffer<Int32>, targets: Buffer<Int32>, count: Int,
        into gradient: Buffer<Scalar>
    ) -> Double {
        precondition(count > 0 && count <= capacity, "a batch of \(count)")
        let size = groups.group(inputs, count: count)
        for place in 0..<count { groups.labels[place] = targets[Int(groups.order[place])] }
        let layout = layout
        arithmetic.gather(
            width: width, parameters, entries: tokens, groups.distinct, count: size, into: rows)
        let x = MatrixPlace(rows, stride: width)
        let h = MatrixPlace(first, stride: hidden)
        let inner = MatrixPlace(parameters, at: layout.first, stride: hidden)
        let outer = MatrixPlace(parameters, at: layout.second, stride: width)
        arithmetic.product(
            m: size, n: hidden, k: width, x, inner, into: h,
            start: .bias(parameters, at: layout.first + width * hidden), finish: .relu)
        arithmetic.product(
            m: size, n: width, k: hidden, h, outer, into: MatrixPlace(second, stride: width),
            start: .bias(parameters, at: layout.second + hidden * width))
        let sum = head.gradient(
            rows: size, hidden: second,
            weights: MatrixPlace(parameters, at: layout.unembedding, stride: classes),
            places: groups.places, targets: groups.labels, scale: 1 / Scalar(count),
            hiddenGradient: secondGradient,
            weightGradient: MatrixPlace(gradient, at: layout.unembedding, stride: classes))
        let delta = MatrixPlace(secondGradient, stride: width)
        dense(h, delta, size, (hidden, width), gradient, at: layout.second)
        let back = MatrixPlace(firstGradient, stride: hidden)
        arithmetic.product(
            m: size, n: hidden, k: width, delta, turned(outer), into: back, finish: .gate(h))
        dense(x, back, size, (width, hidden), gradient, at: layout.first)
        arithmetic.product(
            m: size, n: width, k: hidden, back, turned(inner),
            into: MatrixPlace(rowGradient, stride: width))
        gradient.clear(0..<layout.first)
        arithmetic.scatterAdd(
            width: width, rowGradient, groups.distinct, count: size, into: gradient, entries: tokens
        )
        return sum / Double(count)
    }

    private func turned(_ place: MatrixPlace<Scalar>) -> MatrixPlace<Scalar> {
        MatrixPlace(place.buffer, at: place.offset, stride: place.stride, isTransposed: true)
    }

    /// Gradients of weights and biases of a dense layer.
    private func dense(
        _ input: MatrixPlace<Scalar>, _ delta: MatrixPlace<Scalar>, _ size: Int,
        _ shape: (inputs: Int, outputs: Int), _ gradient: Buffer<Scalar>, at offset: Int
    ) {
        arithmetic.product(
            m: shape.inputs, n: shape.outputs, k: size, turned(input), delta,
            into: MatrixPlace(gradient, at: offset, stride: shape.outputs))
        arithmetic.columnSums(
            rows: size, columns: shape.outputs, delta, into: gradient,
            at: offset + shape.inputs * shape.outputs)
    }
}
