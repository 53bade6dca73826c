/// The last layer of a classifier of many classes: logits, softmax, cross-entropy and all gradients in
/// blocks of rows, so that the matrix of logits never exists.
///
/// Bits: as if the whole matrix were made: every logit is a chain over the width, every element of the
/// hidden gradient one over the classes, every element of the weights' gradient one over the rows.
package struct CrossEntropyHead<Scalar: KernelScalar> {
    private let width, classes: Int
    private let arithmetic: Arithmetic
    private let logits: Buffer<Scalar>
    private let losses: Buffer<Scalar>
    private let forward, backward: Buffer<Scalar>
    /// Rows at a time: their logits stay in a second-level cache.
    private let block: Int

    /// Prepares for hidden rows `[capacity, width]`.
    package init(width: Int, classes: Int, capacity: Int, arithmetic: Arithmetic) {
        self.width = width
        self.classes = classes
        self.arithmetic = arithmetic
        block = min(max(12, 196_608 / max(1, classes) / 12 * 12), 240)
        logits = Buffer(count: block * classes)
        losses = Buffer(count: capacity)
        forward = Buffer(count: arithmetic.packedCount(n: classes, k: width, Scalar.self))
        backward = Buffer(count: arithmetic.packedCount(n: width, k: classes, Scalar.self))
    }

    /// Σ over all targets of their cross-entropy, and `scale` times its gradients.
    ///
    /// `hidden` is `[rows, width]`, `weights` `[width, classes]`. Row r stands for the targets
    /// places[r] ..< places[r + 1] (one each without `places`).
    ///
    /// - Complexity: `6·rows·width·classes` flop; memory for one block of logits.
    package func gradient(
        rows: Int, hidden: Buffer<Scalar>, weights: MatrixPlace<Scalar>,
        places: Buffer<Int32>? = nil, targets: Buffer<Int32>, scale: Scalar,
        hiddenGradient: Buffer<Scalar>, weightGradient: MatrixPlace<Scalar>
    ) -> Double {
        let turned = MatrixPlace(
            weights.buffer, at: weights.offset, stride: weights.stride, isTransposed: true)
        arithmetic.pack(n: classes, k: width, weights, into: forward)
        arithmetic.pack(n: width, k: classes, turned, into: backward)
        var start = 0
        while start < rows {
            let count = min(block, rows - start)
            let part = MatrixPlace(hidden, at: start * width, stride: width)
            let delta = MatrixPlace(logits, stride: classes)
            arithmetic.product(
                m: count, n: classes, k: width, part, weights, into: delta, packed: forward)
            arithmetic.crossEntropy(
                rows: count, classes: classes, scale: scale, places: places, at: start,
                targets: targets, delta, losses: losses)
            arithmetic.product(
                m: count, n: width, k: classes, delta, turned,
                into: MatrixPlace(hiddenGradient, at: start * width, stride: width),
                packed: backward)
            arithmetic.product(
                m: width, n: classes, k: count,
                MatrixPlace(hidden, at: start * width, stride: width, isTransposed: true), delta,
                into: weightGradient, start: start == 0 ? .zero : .target)
            start += count
        }
        return arithmetic.sumWide(losses, 0..<rows)
    }
}
