/// A training that goes step by step, and whose state can be kept and taken up again.
///
/// Bits: those of an undisturbed training, wherever it was interrupted and resumed.
package final class TrainingRun {
    /// Steps done.
    package private(set) var step = 0
    /// Whole and partial epochs done.
    package private(set) var epoch = 0
    /// The mean loss of each epoch that ended.
    package private(set) var losses: [Double] = []
    private let plan: TrainingPlan
    private let seed: UInt64
    private let arithmetic: Arithmetic
    private let layers: [NetworkSpecification.Layer]
    private let evaluator: NetworkEvaluator<Float>
    private let examples, targets, values, gradient: Buffer<Float>
    private var optimizer: OptimizerState<Float>
    private let count, batch: Int
    private var order: [Int] = []
    /// Examples seen in this epoch, and the sum of their losses.
    private var start = 0
    private var sum = 0.0

    /// Prepares a training from fresh parameters, as
    /// ``Trainer/train(_:_:examples:targets:seed:arithmetic:progress:)``.
    package init(
        _ specification: NetworkSpecification, _ plan: TrainingPlan, examples: [Float],
        targets: [Double], seed: UInt64, arithmetic: Arithmetic
    ) {
        self.plan = plan
        self.seed = seed
        self.arithmetic = arithmetic
        count = targets.count
        batch = min(plan.batch, count)
        layers = specification.layers
        self.examples = Buffer(examples)
        self.targets = Buffer(targets.map { Float($0) })
        var initial = RandomStream(seed: seed, purpose: "initial parameters")
        values = Buffer(specification.initialParameters(&initial).map { Float($0) })
        gradient = Buffer(count: values.count)
        optimizer = OptimizerState(plan.optimizer, count: values.count)
        evaluator = NetworkEvaluator(specification, capacity: batch, arithmetic: arithmetic)
        shuffle()
    }

    /// Whether every step is done.
    package var isDone: Bool { step >= plan.steps }

    /// The parameters as they are.
    package var parameters: [Float] { values.elements }

    /// Steps that take some milliseconds together: how often it pays to look up from the work.
    package var stepsBetweenReports: Int { max(1, 50_000_000 / max(1, values.count * batch)) }

    /// One step; returns the batch's mean loss before it.
    package func advance() -> Double {
        precondition(!isDone, "a step beyond the last")
        let end = min(count, start + batch)
        let loss = evaluator.gradient(
            values, examples, targets, rows: batch < count ? order[start..<end] : nil,
            loss: plan.loss, into: gradient)
        optimizer.step(
            plan.optimizer, rate: plan.rate * plan.schedule.factor(step, of: plan.steps), values,
            gradient, layers: layers, arithmetic: arithmetic)
        sum += loss * Double(end - start)
        start = end
        step += 1
        if start == count || isDone {
            losses.append(sum / Double(start))
            (start, sum) = (0, 0)
            epoch += 1
            if !isDone { shuffle() }
        }
        return loss
    }

    /// The epoch's own order; a batch of all examples takes them as they are.
    private func shuffle() {
        guard batch < count else { return }
        var stream = RandomStream(seed: seed, purpose: "batches", index: UInt64(epoch))
        order = stream.permutation(count)
    }

    private static let stateName = "network2"

    /// Everything that a later process needs to go on.
    package var state: [UInt8] {
        var writer = StateWriter(
            name: Self.stateName, size: 12 * values.count + 8 * losses.count + 128)
        writer.add(seed)
        for number in [count, step, epoch, start] { writer.add(number) }
        writer.add(sum)
        writer.add(losses)
        for list in [values, optimizer.first, optimizer.second] { writer.add(list.elements) }
        return writer.finish()
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        let kept = StateReader.read(state, name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            try reader.expect(count)
            let step = try reader.integer(in: 0...plan.steps)
            let epoch = try reader.integer(in: 0...step)
            return (
                step: step, epoch: epoch, start: try reader.integer(in: 0...max(0, count - 1)),
                sum: try reader.number(), losses: try reader.numbers(epoch),
                values: try reader.floats(values.count),
                optimizer: OptimizerState(
                    first: try reader.floats(values.count),
                    second: try reader.floats(optimizer.second.count), steps: step)
            )
        }
        guard let kept else { return false }
        (step, epoch, start) = (kept.step, kept.epoch, kept.start)
        (sum, losses) = (kept.sum, kept.losses)
        values.store(kept.values, at: 0)
        optimizer = kept.optimizer
        shuffle()
        return true
    }
}
