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

    /// Prepares a training from fresh parameters, as ``Trainer/train(_:_:examples:targets:seed:arithmetic:progress:)``.
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

    private static let signature: UInt64 = 0x3167_6e69_6e69_6172  // "raining1", little-endian

    /// Everything that a later process needs to go on: little-endian words, then floats.
    package var state: [UInt8] {
        let sizes = [step, epoch, start, losses.count, values.count, optimizer.second.count]
        var words = [Self.signature] + sizes.map { UInt64($0) }
        words += [sum.bitPattern] + losses.map { $0.bitPattern }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * words.count + 12 * values.count)
        for word in words { append(word, 8, to: &bytes) }
        for list in [values, optimizer.first, optimizer.second] {
            for value in list.elements { append(UInt64(value.bitPattern), 4, to: &bytes) }
        }
        return bytes
    }

    private func append(_ word: UInt64, _ size: Int, to bytes: inout [UInt8]) {
        for place in 0..<size {
            bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(place))))
        }
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        func word(_ place: Int, _ size: Int) -> UInt64 {
            (0..<size).reduce(0) { $0 | UInt64(state[place + $1]) << (8 * UInt64($1)) }
        }
        guard state.count >= 64, word(0, 8) == Self.signature else { return false }
        let header = (0..<7).map { Int(truncatingIfNeeded: word(8 * $0, 8)) }
        let (moments, epochs) = (header[6], header[4])
        guard header[5] == values.count, moments == optimizer.second.count,
            epochs == header[2], (0...plan.steps).contains(header[1]), epochs >= 0,
            epochs <= header[1], (0..<count).contains(header[3]),
            state.count == 64 + 8 * epochs + 8 * values.count + 4 * moments
        else { return false }
        func floats(_ place: Int, _ count: Int) -> [Float] {
            (0..<count).map { Float(bitPattern: UInt32(word(place + 4 * $0, 4))) }
        }
        (step, epoch, start) = (header[1], header[2], header[3])
        sum = Double(bitPattern: word(56, 8))
        losses = (0..<epochs).map { Double(bitPattern: word(64 + 8 * $0, 8)) }
        var place = 64 + 8 * epochs
        values.store(floats(place, values.count), at: 0)
        place += 4 * values.count
        let first = floats(place, values.count)
        place += 4 * values.count
        optimizer = OptimizerState(first: first, second: floats(place, moments), steps: step)
        shuffle()
        return true
    }
}
