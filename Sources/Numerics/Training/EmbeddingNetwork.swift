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
    private let distinct, places, order, next: Buffer<Int32>
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
        distinct = Buffer(count: count)
        places = Buffer(count: count + 1)
        order = Buffer(count: capacity)
        next = Buffer(count: tokens + 1)
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
        let size = group(inputs, targets, count)
        let layout = layout
        arithmetic.gather(
            width: width, parameters, entries: tokens, distinct, count: size, into: rows)
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
            places: places, targets: order, scale: 1 / Scalar(count),
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
            width: width, rowGradient, distinct, count: size, into: gradient, entries: tokens)
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

    /// Sorts the draws by token, keeping their order otherwise; returns how many tokens are distinct.
    private func group(_ inputs: Buffer<Int32>, _ targets: Buffer<Int32>, _ count: Int) -> Int {
        for token in 0...tokens { next[token] = 0 }
        for draw in 0..<count { next[Int(inputs[draw]) + 1] += 1 }
        var size = 0
        places[0] = 0
        for token in 0..<tokens {
            if next[token + 1] > 0 {
                distinct[size] = Int32(token)
                places[size + 1] = places[size] + next[token + 1]
                size += 1
            }
            next[token + 1] += next[token]
        }
        for draw in 0..<count {
            let token = Int(inputs[draw])
            order[Int(next[token])] = targets[draw]
            next[token] += 1
        }
        return size
    }
}
