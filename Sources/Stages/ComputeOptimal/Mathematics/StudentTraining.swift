package import Numerics
import System

/// What students learn: shapes, examples, rates.
package struct StudentPlan: Sendable, Equatable {
    /// Widths of the students, all trained on the same examples.
    package let widths: [Int]
    /// Learning rates, each tried by every width on every teacher.
    package let rates: [Double]
    /// Examples, each seen once; a multiple of the batch.
    package let samples: Int
    /// Examples in a step; a multiple of 8.
    package let batch: Int
    /// Steps over which the rate rises.
    package let warmup: Int
    /// Adam's second constant.
    package let beta2: Double

    /// Names a plan.
    package init(
        widths: [Int], rates: [Double], samples: Int, batch: Int = 32, warmup: Int = 20,
        beta2: Double = 0.99
    ) {
        precondition(
            batch % 8 == 0 && samples % batch == 0 && samples > 0, "\(samples) by \(batch)")
        self.widths = widths
        self.rates = rates
        self.samples = samples
        self.batch = batch
        self.warmup = warmup
        self.beta2 = beta2
    }

    /// Steps in all.
    package var steps: Int { samples / batch }
}

/// One pass over fresh examples by students of several widths and rates on several teachers.
///
/// A run is a teacher, a rate and a width. Runs of one teacher see the same examples whatever their width,
/// rate and number of examples (common random numbers); runs of one teacher and width start from the same
/// weights: w ~ N(0, 1/d), a ~ 0.1·N(0, 1/n). The rate rises over the warm-up and falls linearly to 0.
/// Bits: fixed, and a run's do not depend on which other runs there are.
package final class StudentTraining {
    private let teachers: [ProcessTeacher]
    private let plan: StudentPlan
    private let seed: UInt64
    private let arithmetic: Arithmetic
    private let inputs: Int
    /// Blocks of 16 runs (teacher, rate), for each width.
    private let blocks: [[StudentBlock]]
    private let room: StudentBlock.Batch
    private let chunk: StudentExamples
    /// Σ softplus(F) − p·F over the examples so far, for each teacher.
    private var truths: [Double]
    /// Steps done.
    package private(set) var step = 0
    private var powers = (first: 1.0, second: 1.0)

    /// Steps whose examples are made at once, and between two states that can be kept.
    package static let stride = 64

    /// Prepares the runs; teachers have one dimension.
    package init(
        _ plan: StudentPlan, teachers: [ProcessTeacher], seed: UInt64, arithmetic: Arithmetic
    ) {
        precondition(!teachers.isEmpty && !plan.rates.isEmpty, "no runs")
        self.plan = plan
        self.teachers = teachers
        self.seed = seed
        self.arithmetic = arithmetic
        inputs = teachers[0].dimension
        truths = Array(repeating: 0, count: teachers.count)
        let count = (teachers.count * plan.rates.count + 15) / 16
        let inputs = inputs
        blocks = (0..<count).map { _ in
            plan.widths.map {
                StudentBlock(
                    width: $0, inputs: inputs, batch: plan.batch, kernels: arithmetic.kernels)
            }
        }
        room = StudentBlock.Batch(size: plan.batch, inputs: inputs)
        chunk = StudentExamples(
            count: min(plan.steps, StudentTraining.stride) * plan.batch, inputs: inputs,
            teachers: teachers, seed: seed, arithmetic: arithmetic)
        for block in blocks.indices {
            for (place, width) in plan.widths.enumerated() { start(block, place, width) }
        }
    }

    /// Teacher and rate of a run; the last ones again where a block has lanes to spare.
    private func member(_ block: Int, _ lane: Int) -> (teacher: Int, rate: Int) {
        let run = min(16 * block + lane, teachers.count * plan.rates.count - 1)
        return (run / plan.rates.count, run % plan.rates.count)
    }

    private func start(_ block: Int, _ place: Int, _ width: Int) {
        let target = blocks[block][place]
        for lane in 0..<16 {
            var stream = RandomStream(
                seed: seed, purpose: "student",
                index: UInt64(member(block, lane).teacher) << 32 | UInt64(width))
            for unit in 0..<width {
                for row in 0...inputs {
                    let scale =
                        row < inputs
                        ? 1 / Double(inputs).squareRoot() : 0.1 / Double(width).squareRoot()
                    target.weights[(unit * (inputs + 1) + row) * 16 + lane] = Float(
                        scale * stream.normal())
                }
            }
        }
    }

    /// Whether every step is done.
    package var isDone: Bool { step == plan.steps }

    /// The next steps, at most ``stride``.
    package func advance() {
        let count = min(StudentTraining.stride, plan.steps - step)
        let fresh = chunk.draw(part: step / StudentTraining.stride, count: count * plan.batch)
        for teacher in teachers.indices { truths[teacher] += fresh[teacher] }
        var (rates, corrections) = ([Double](), [Float]())
        for number in step..<(step + count) {
            powers = (powers.first * 0.9, powers.second * plan.beta2)
            rates.append(
                Schedule.linear.factor(number, of: plan.steps, warmup: min(plan.warmup, plan.steps))
                    / (1 - powers.first))
            corrections.append(Float(1 / (1 - powers.second)))
        }
        let steps = Buffer<Float>(count: 16)
        for block in blocks.indices {
            let members = (0..<16).map { member(block, $0) }
            for number in 0..<count {
                room.gather(
                    inputs: chunk.inputs, labels: chunk.labels, truths: chunk.truths,
                    places: members.map { $0.teacher * chunk.count + number * plan.batch },
                    kernels: arithmetic.kernels)
                for lane in 0..<16 {
                    steps[lane] = Float(plan.rates[members[lane].rate] * rates[number])
                }
                for student in blocks[block] {
                    student.learn(
                        room, steps: steps, correction: corrections[number],
                        beta2: Float(plan.beta2))
                }
            }
        }
        step += count
    }

    /// The error of every run: at the end, and the mean over all examples of the error before each.
    ///
    /// Both in nats against the known teacher; the first at `points` fresh inputs a teacher, the second
    /// without label noise. Ordered by width, then rate, then teacher.
    package func results(points: Int) -> [StudentResult] {
        let tests = teachers.enumerated().map { number, teacher in
            StudentTest(teacher, number: number, points: points, seed: seed, arithmetic: arithmetic)
        }
        var results: [StudentResult] = []
        for (place, width) in plan.widths.enumerated() {
            for rate in plan.rates.indices {
                for teacher in teachers.indices {
                    let run = teacher * plan.rates.count + rate
                    let block = blocks[run / 16][place]
                    let network = block.network(run % 16)
                    let error = tests[teacher].error(network.weights, network.outputs, arithmetic)
                    results.append(
                        StudentResult(
                            width: width, rate: plan.rates[rate], teacher: teacher,
                            error: error.mean,
                            testError: error.deviation,
                            average: (block.excess[run % 16] - truths[teacher])
                                / Double(step * plan.batch),
                            zero: tests[teacher].zero))
                }
            }
        }
        return results
    }
}

/// What became of a run.
package struct StudentResult: Sendable, Equatable {
    /// The run.
    package let width: Int
    /// Its learning rate.
    package let rate: Double
    /// Its teacher.
    package let teacher: Int
    /// The error in nats at the end, and its standard error over the test points.
    package let error, testError: Double
    /// The mean error in nats over the run.
    package let average: Double
    /// The error of the predictor that is always 0.
    package let zero: Double
}

extension StudentTraining {
    private static let stateName = "student2"

    /// Everything that a later process needs to go on.
    package var state: [UInt8] {
        let floats = blocks.joined().reduce(0) { $0 + 3 * $1.weights.count }
        var writer = StateWriter(
            name: Self.stateName, size: 4 * floats + 256 * blocks.joined().count + 128)
        writer.add(seed)
        writer.add(step)
        writer.add(powers.first)
        writer.add(powers.second)
        writer.add(truths)
        for block in blocks.joined() {
            writer.add(block.excess.elements)
            for buffer in [block.weights, block.first, block.second] {
                writer.add(buffer.elements)
            }
        }
        return writer.finish()
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        let students = Array(blocks.joined())
        let kept = StateReader.read(state, name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            let step = try reader.integer(in: 0...plan.steps)
            guard step % Self.stride == 0 || step == plan.steps else { throw NotThisState() }
            let powers = (first: try reader.number(), second: try reader.number())
            let truths = try reader.numbers(truths.count)
            var lists: [(excess: [Double], numbers: [[Float]])] = []
            for student in students {
                let excess = try reader.numbers(student.excess.count)
                var numbers: [[Float]] = []
                for _ in 0..<3 { numbers.append(try reader.floats(student.weights.count)) }
                lists.append((excess, numbers))
            }
            return (step: step, powers: powers, truths: truths, lists: lists)
        }
        guard let kept else { return false }
        (step, powers, truths) = (kept.step, kept.powers, kept.truths)
        for (student, list) in zip(students, kept.lists) {
            student.excess.store(list.excess, at: 0)
            for (buffer, numbers) in zip(
                [student.weights, student.first, student.second], list.numbers)
            { buffer.store(numbers, at: 0) }
        }
        return true
    }
}
