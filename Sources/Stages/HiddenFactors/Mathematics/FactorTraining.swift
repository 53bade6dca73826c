package import Numerics
import System

/// A training on hidden factors that goes step by step, and whose state can be kept and taken up again.
///
/// Bits: those of an undisturbed training, wherever it was interrupted and resumed. Streams by purpose:
/// "factor embedding" (one a factor), "factor weights" (one a matrix), "factor split", "factor
/// batch" (one a step).
package final class FactorTraining {
    /// A row of the curve.
    package struct Record: Sendable, Equatable {
        /// Steps done.
        package let step: Int
        /// The rate of the last of them.
        package let rate: Double
        /// Mean KL divergence in nats: over what the step was computed from, before it; over the test's
        /// inputs, after it.
        package let train, test: Double
    }

    /// What to do.
    package let plan: FactorPlan
    /// Steps done.
    package private(set) var step = 0
    /// The curve so far.
    package private(set) var curve: [Record] = []
    /// Inputs trained on: all, or the observed; and those of the test.
    package let trainTokens, testTokens: [Int]
    /// The network.
    package let network: FactorNetwork<Float>
    private let frozen: Buffer<Float>?
    let seed: UInt64
    private let arithmetic: Arithmetic
    private let values, gradient: Buffer<Float>
    private var optimizer: OptimizerState<Float>
    private let draws: FactorDraws?
    private let trainBuffer, testBuffer: Buffer<Int32>
    private let grouping: TokenGroups
    private let drawn: Buffer<Int32>
    private let recorded: [Int]

    /// Prepares a training from fresh parameters; a part of which nothing is left traps.
    package init(_ task: FactorTask, _ plan: FactorPlan, seed: UInt64, arithmetic: Arithmetic) {
        self.plan = plan
        self.seed = seed
        self.arithmetic = arithmetic
        let all = Array(0..<task.input.count)
        if plan.mode == .generalisation {
            let split = TokenSplit(count: all.count, fraction: plan.observed, seed: seed)
            (trainTokens, testTokens) = (split.observed, split.unobserved)
        } else {
            (trainTokens, testTokens) = (all, all)
        }
        precondition(!trainTokens.isEmpty && !testTokens.isEmpty, "no inputs to train on or test")
        trainBuffer = Buffer(trainTokens.map { Int32($0) })
        testBuffer = Buffer(testTokens.map { Int32($0) })
        let size = plan.mode == .singlePass ? plan.batch : trainTokens.count
        frozen =
            plan.embedding == .fixed
            ? Self.embedding(.fixed, task.input, width: plan.shape.width, seed: seed) : nil
        network = FactorNetwork(
            task, plan.shape, embedding: plan.embedding, frozen: frozen, capacity: all.count,
            arithmetic: arithmetic)
        values = Buffer(Self.initial(network, task.input, seed: seed))
        gradient = Buffer(count: values.count)
        optimizer = OptimizerState(.adam, count: values.count)
        draws = plan.samplesLabels ? FactorDraws(task) : nil
        grouping = TokenGroups(tokens: all.count, capacity: size)
        drawn = Buffer(count: size)
        recorded = plan.recordedSteps
    }

    /// Entries N(0, 1): a stream for each factor, or one for all tokens.
    private static func embedding(
        _ kind: FactorEmbedding, _ space: FactorSpace, width: Int, seed: UInt64
    ) -> Buffer<Float> {
        let sizes = kind == .learned ? [space.count] : space.sizes
        let table = Buffer<Float>(count: sizes.reduce(0, +) * width)
        var start = 0
        for (number, size) in sizes.enumerated() {
            var stream = RandomStream(
                seed: seed, purpose: "factor embedding", index: UInt64(number))
            stream.normals(into: table, at: start, count: size * width)
            start += size * width
        }
        return table
    }

    /// Embedding as above; weights uniform between ∓1/√(numbers that go in), as PyTorch's by default.
    private static func initial(
        _ network: FactorNetwork<Float>, _ space: FactorSpace, seed: UInt64
    ) -> [Float] {
        let (shape, layout) = (network.shape, network.layout)
        var values: [Float] = []
        if network.embedding != .fixed {
            values =
                embedding(network.embedding, space, width: shape.width, seed: seed).elements
        }
        values.reserveCapacity(layout.count)
        var number: UInt64 = 0
        func draw(_ count: Int, entering: Int) {
            var stream = RandomStream(seed: seed, purpose: "factor weights", index: number)
            number += 1
            let bound = 1 / Double(entering).squareRoot()
            for _ in 0..<count { values.append(Float((2 * stream.uniform() - 1) * bound)) }
        }
        // The unembedding's stream is the first, so that it does not depend on how many blocks there are.
        draw(shape.width * shape.classes, entering: shape.width)
        let unembedding = values.suffix(shape.width * shape.classes)
        values.removeLast(unembedding.count)
        for _ in 0..<shape.blocks {
            draw(2 * shape.width * shape.hidden, entering: shape.width)
            draw(shape.hidden * shape.width, entering: shape.hidden)
        }
        return values + unembedding
    }

    /// Whether every step is done.
    package var isDone: Bool { step >= plan.steps }
    /// The trained parameters, laid out as ``FactorNetwork/layout``.
    package var parameters: [Float] { values.elements }
    /// The embedding's table: trained, or as it was drawn.
    package var embedding: [Float] {
        frozen?.elements ?? values.elements(0..<network.layout.blocks)
    }
    /// Draws in a step, as the count of operations counts them.
    package var samplesPerStep: Int {
        plan.mode == .singlePass ? plan.batch : trainTokens.count
    }
    /// Steps that take some milliseconds together: how often it pays to look up from the work.
    package var stepsBetweenReports: Int {
        max(1, 500_000_000 / max(1, 3 * plan.shape.flopPerSample * min(samplesPerStep, 1 << 20)))
    }

    /// One step; records the curve where it is due.
    package func advance() {
        precondition(!isDone, "a step beyond the last")
        let batch = batch()
        let loss = network.gradient(values, batch, into: gradient)
        let rate = plan.schedule.rate(plan.rate, at: step, of: plan.steps)
        optimizer.step(
            .adam, rate: rate, values, gradient, layers: [], arithmetic: arithmetic)
        step += 1
        guard recorded[curve.count] == step else { return }
        let test = network.loss(values, over: testBuffer) - entropy(of: testBuffer)
        curve.append(
            Record(
                step: step, rate: rate, train: loss - entropy(of: batch), test: test))
    }

    /// The mean entropy over a batch's draws, token by token.
    private func entropy(of batch: FactorNetwork<Float>.Batch) -> Double {
        var sum = 0.0
        for place in 0..<batch.count {
            let draws = batch.places.map { Double($0[place + 1] - $0[place]) } ?? 1
            sum += draws * network.targets.entropies[Int(batch.tokens[place])]
        }
        return sum / Double(batch.draws)
    }

    private func entropy(of tokens: Buffer<Int32>) -> Double {
        entropy(
            of: FactorNetwork<Float>.Batch(
                tokens: tokens, count: tokens.count, draws: tokens.count))
    }

    /// What the next step learns from: inputs first, then an output for each draw.
    private func batch() -> FactorNetwork<Float>.Batch {
        if plan.mode != .singlePass && draws == nil {
            return FactorNetwork.Batch(
                tokens: trainBuffer, count: trainBuffer.count, draws: trainBuffer.count)
        }
        var stream = RandomStream(seed: seed, purpose: "factor batch", index: UInt64(step))
        let size = samplesPerStep
        var inputs = trainBuffer
        if plan.mode == .singlePass {
            for place in 0..<size {
                drawn[place] = Int32(stream.integer(below: trainTokens.count))
            }
            inputs = drawn
        }
        let count = grouping.group(inputs, count: size)
        if let draws {
            for place in 0..<size {
                let token = Int(inputs[Int(grouping.order[place])])
                grouping.labels[place] = Int32(draws.sample(at: token, stream: &stream))
            }
        }
        return FactorNetwork.Batch(
            tokens: grouping.distinct, count: count, places: grouping.places,
            labels: draws == nil ? nil : grouping.labels, draws: size)
    }

    /// Sets step, curve and numbers to those of a kept state.
    func take(step: Int, curve: [Record], values: [Float], first: [Float], second: [Float]) {
        self.step = step
        self.curve = curve
        self.values.store(values, at: 0)
        optimizer = OptimizerState(first: first, second: second, steps: step)
    }

    /// What a kept state holds beside step and curve.
    var numbers: [[Float]] {
        [values.elements, optimizer.first.elements, optimizer.second.elements]
    }
    /// How many records there are after so many steps.
    func records(after step: Int) -> Int { recorded.prefix { $0 <= step }.count }
}
