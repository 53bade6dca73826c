package import Numerics
import System

/// The network that learns hidden factors: embedding, gated blocks, unembedding.
///
/// logits = U rms(z), z from ``GatedBlocks``; source: the public code of arXiv 2411.01375.
/// Everything runs over blocks of rows, embedding to loss and back, so that neither the N × M
/// logits nor p exist: memory is that of the parameters, of one block, and of N vectors where the
/// embedding is fixed.
///
/// Bits: as if all rows were one block.
package struct FactorNetwork<Scalar: KernelScalar> {
    /// The sizes.
    package let shape: FactorNetworkShape
    /// What it is told of a token.
    package let embedding: FactorEmbedding
    /// Rows of the embedding's table.
    package let embeddingRows: Int
    /// What it has to learn.
    package let targets: FactorTargets<Scalar>
    private let arithmetic: Arithmetic
    private let block: Int
    private let rows: TokenRows<Scalar>
    private let blocks: GatedBlocks<Scalar>
    private let z, back, delta, logits, losses: Buffer<Scalar>
    private let forwardPack, backwardPack: Buffer<Scalar>

    /// Prepares for batches of at most `capacity` tokens; `frozen` is the table `[rows, width]` of a
    /// fixed embedding, `rowsAtOnce` a choice of the block that only tests make.
    package init(
        _ task: FactorTask, _ shape: FactorNetworkShape, embedding: FactorEmbedding,
        frozen: Buffer<Scalar>? = nil, capacity: Int, rowsAtOnce: Int? = nil,
        arithmetic: Arithmetic
    ) {
        precondition(shape.classes == task.output.count, "\(shape.classes) outputs")
        precondition((embedding == .fixed) == (frozen != nil), "a table for a fixed embedding")
        self.shape = shape
        self.embedding = embedding
        self.arithmetic = arithmetic
        embeddingRows = embedding.rows(task.input)
        targets = FactorTargets(task, arithmetic: arithmetic)
        // Logits of a block stay in a second-level cache.
        block = rowsAtOnce ?? min(max(12, 147_456 / shape.classes / 12 * 12), 384, capacity)
        rows = TokenRows(
            embedding, task.input, width: shape.width, capacity: block, frozen: frozen,
            arithmetic: arithmetic)
        blocks = GatedBlocks(
            width: shape.width, hidden: shape.hidden, count: shape.blocks, capacity: block,
            arithmetic: arithmetic)
        z = Buffer(count: block * shape.width)
        back = Buffer(count: block * shape.width)
        delta = Buffer(count: block * shape.width)
        logits = Buffer(count: block * shape.classes)
        losses = Buffer(count: capacity)
        let (width, classes) = (shape.width, shape.classes)
        forwardPack = Buffer(count: arithmetic.packedCount(n: classes, k: width, Scalar.self))
        backwardPack = Buffer(count: arithmetic.packedCount(n: width, k: classes, Scalar.self))
    }

    /// Where parts start in the trained parameters: embedding `[rows, width]` unless fixed, blocks as
    /// ``GatedBlocks/parameterCount`` says, unembedding `[width, classes]`.
    package var layout: (blocks: Int, unembedding: Int, count: Int) {
        let start = embedding == .fixed ? 0 : embeddingRows * shape.width
        let end = start + blocks.parameterCount
        return (start, end, end + shape.width * shape.classes)
    }

    /// The tokens that a step or an evaluation runs over.
    package struct Batch {
        /// The tokens, all different.
        package let tokens: Buffer<Int32>
        /// How many of them there are.
        package let count: Int
        /// Token i stands for draws places[i] ..< places[i + 1]; one each where `nil`.
        package let places: Buffer<Int32>?
        /// The output of each draw; p(·|x) itself where `nil`.
        package let labels: Buffer<Int32>?
        /// How many draws there are.
        package let draws: Int

        /// Names a batch.
        package init(
            tokens: Buffer<Int32>, count: Int, places: Buffer<Int32>? = nil,
            labels: Buffer<Int32>? = nil, draws: Int
        ) {
            self.tokens = tokens
            self.count = count
            self.places = places
            self.labels = labels
            self.draws = draws
        }
    }

    /// The mean cross-entropy over a batch's draws, in nats, and its gradient.
    ///
    /// - Complexity: about 6·count·classes·width flop, however many draws there are.
    package func gradient(
        _ parameters: Buffer<Scalar>, _ batch: Batch, into gradient: Buffer<Scalar>
    ) -> Double {
        let layout = layout
        let (width, classes) = (shape.width, shape.classes)
        let turned = MatrixPlace(
            parameters, at: layout.unembedding, stride: classes, isTransposed: true)
        arithmetic.pack(n: width, k: classes, turned, into: backwardPack)
        gradient.clear(0..<layout.blocks)
        var isFirst = true
        let sum = eachBlock(parameters, batch) { range, hidden in
            logitGradients(batch, range)
            let part = MatrixPlace(logits, stride: classes)
            arithmetic.product(
                m: range.count, n: width, k: classes, part, turned,
                into: MatrixPlace(delta, stride: width), packed: backwardPack)
            arithmetic.product(
                m: width, n: classes, k: range.count,
                MatrixPlace(hidden, stride: width, isTransposed: true), part,
                into: MatrixPlace(gradient, at: layout.unembedding, stride: classes),
                start: isFirst ? .zero : .target)
            blocks.backward(
                rows: range.count, delta, into: back, parameters: parameters, gradient: gradient,
                at: layout.blocks, adds: !isFirst)
            rows.scatter(batch.tokens, range, back, into: gradient, at: 0)
            isFirst = false
        }
        return sum / Double(batch.draws)
    }

    /// The mean cross-entropy to p(·|x) over tokens, in nats.
    package func loss(_ parameters: Buffer<Scalar>, over tokens: Buffer<Int32>) -> Double {
        let batch = Batch(tokens: tokens, count: tokens.count, draws: tokens.count)
        return eachBlock(parameters, batch) { range, _ in
            softLosses(batch, range, wantsGradient: false)
        } / Double(tokens.count)
    }

    /// Runs a batch forward, a block of rows at a time, up to their logits; the sum of `losses`, which
    /// `body` fills.
    private func eachBlock(
        _ parameters: Buffer<Scalar>, _ batch: Batch,
        _ body: (_ range: Range<Int>, _ hidden: Buffer<Scalar>) -> Void
    ) -> Double {
        precondition(batch.count > 0 && batch.count <= losses.count, "a batch of \(batch.count)")
        let layout = layout
        let (width, classes) = (shape.width, shape.classes)
        let plain = MatrixPlace(parameters, at: layout.unembedding, stride: classes)
        arithmetic.pack(n: classes, k: width, plain, into: forwardPack)
        blocks.prepare(parameters, at: layout.blocks)
        var start = 0
        while start < batch.count {
            let range = start..<min(start + block, batch.count)
            rows.gather(batch.tokens, range, parameters, at: 0, into: z)
            let hidden = blocks.forward(
                rows: range.count, z, parameters: parameters, at: layout.blocks)
            arithmetic.product(
                m: range.count, n: classes, k: width, MatrixPlace(hidden, stride: width), plain,
                into: MatrixPlace(logits, stride: classes), packed: forwardPack)
            body(range, hidden)
            start = range.upperBound
        }
        return arithmetic.sumWide(losses, 0..<batch.count)
    }

    /// Logits of a block become gradients of the mean over all draws.
    private func logitGradients(_ batch: Batch, _ range: Range<Int>) {
        guard let labels = batch.labels else {
            softLosses(batch, range, wantsGradient: true)
            return
        }
        arithmetic.crossEntropy(
            rows: range.count, classes: shape.classes, scale: 1 / Scalar(batch.draws),
            places: batch.places, at: range.lowerBound, targets: labels,
            MatrixPlace(logits, stride: shape.classes), losses: losses)
    }

    private func softLosses(_ batch: Batch, _ range: Range<Int>, wantsGradient: Bool) {
        let scale = 1 / Scalar(batch.draws)
        for (row, place) in range.enumerated() {
            let draws = batch.places.map { Scalar($0[place + 1] - $0[place]) } ?? 1
            let target = targets.row(of: Int(batch.tokens[place]))
            losses[place] =
                draws
                * arithmetic.softCrossEntropy(
                    classes: shape.classes, weight: draws * scale, p: target.buffer,
                    at: target.offset, wantsGradient: wantsGradient, logits,
                    at: row * shape.classes)
        }
    }
}
