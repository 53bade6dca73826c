import Canon
import ComputeOptimal
import DynamicalModel
import EqualCompute
import HiddenFactors
import Numerics
import Spectra
import System
import Testing

/// The states that long computations keep, against whatever bytes they might be given instead.
@Suite struct KeptStateTests {
    /// A computation whose state can be kept.
    struct Subject: Sendable, CustomStringConvertible {
        let description: String
        /// A state half way.
        let state: @Sendable () throws -> [UInt8]
        /// The state of a like computation that is another one: other sizes, another seed.
        let others: @Sendable () throws -> [[UInt8]]
        /// Gives bytes to a fresh computation; whether it took them up, and the state that it then has.
        let take: @Sendable ([UInt8]) throws -> (isTaken: Bool, state: [UInt8])
    }

    private static func network(hidden: Int = 4, seed: UInt64 = 1) throws -> TrainingRun {
        TrainingRun(
            NetworkSpecification(inputs: 1, hidden: [hidden], outputs: 1),
            TrainingPlan(
                loss: .squared, optimizer: .adam, rate: 0.1, schedule: .constant, batch: 2,
                steps: 10),
            examples: [1, 2, 3], targets: [1, 2, 3], seed: seed, arithmetic: try .portable())
    }

    private static func factors(width: Int = 4, seed: UInt64 = 1) throws -> FactorTraining {
        let task = FactorTask(
            input: FactorSpace([2, 2, 2], .firstFastest), output: FactorSpace([3], .lastFastest),
            graph: FactorGraph(inputs: 3, outputs: 1, parentCount: 1, seed: 1),
            concentrations: [0.3], seed: 1)
        let shape = FactorNetworkShape(width: width, hidden: 4, blocks: 1, classes: 3)
        return FactorTraining(
            task, FactorPlan(mode: .compression, shape: shape, steps: 10, batch: 4), seed: seed,
            arithmetic: try .portable())
    }

    private static func text() -> TextStreams {
        TextStreams((0..<40).map { Int32($0 % 5) }, streams: 2)
    }

    private static func characters(hidden: Int = 3, seed: UInt64 = 1) throws -> TextTraining {
        TextTraining(
            TextShape(.gru, classes: 5, embedding: 2, hidden: hidden, context: 1), streams: 2,
            length: 4, steps: 10, rate: 0.01, warmup: 2, seed: seed, arithmetic: try .portable())
    }

    private static func students(width: Int = 2, seed: UInt64 = 1) throws -> StudentTraining {
        var stream = RandomStream(seed: 9, purpose: "teacher")
        let teacher = ProcessTeacher(dimension: 3, complexity: 4, stream: &stream)
        return StudentTraining(
            StudentPlan(widths: [width], rates: [0.01], samples: 2048, batch: 8),
            teachers: [teacher], seed: seed, arithmetic: try .portable())
    }

    private static func record(_ rows: Int, columns: Int = 3, seed: UInt64 = 1) -> [UInt8] {
        var record = OnlineRecord(columns: columns, seed: seed)
        for row in 0..<rows { record.rows.append(Array(repeating: Double(row), count: columns)) }
        return record.state(step: 10 * rows, weights: [1, 2, .infinity, .nan])
    }

    private static func losses(_ rows: Int, width: Int = 3, seed: UInt64 = 1) -> [UInt8] {
        var kept = KeptLosses(nil, width: width, limit: 9, seed: seed)
        for row in 0..<rows { kept.append(Array(repeating: Double(row), count: width)) }
        return kept.state
    }

    private static func means(_ training: TextTraining, steps: Int = 10) -> [UInt8] {
        var means = MeanLosses(steps: steps)
        means.add(1.5, at: 2)
        return means.state(training)
    }

    static let subjects: [Subject] = [
        Subject(
            description: "a network",
            state: {
                let run = try network()
                for _ in 0..<5 { _ = run.advance() }
                return run.state
            }, others: { [try network(hidden: 5).state, try network(seed: 2).state] },
            take: {
                let run = try network()
                return (run.restore($0), run.state)
            }),
        Subject(
            description: "a network on hidden factors",
            state: {
                let training = try factors()
                for _ in 0..<5 { training.advance() }
                return training.state
            }, others: { [try factors(width: 6).state, try factors(seed: 2).state] },
            take: {
                let training = try factors()
                return (training.restore($0), training.state)
            }),
        Subject(
            description: "a network of characters",
            state: {
                let training = try characters()
                for _ in 0..<5 { _ = training.advance(text()) }
                return training.state
            }, others: { [try characters(hidden: 4).state, try characters(seed: 2).state] },
            take: {
                let training = try characters()
                return (training.restore($0), training.state)
            }),
        Subject(
            description: "mean losses with their network",
            state: { means(try characters()) },
            others: {
                [
                    means(try characters(), steps: 9), means(try characters(seed: 2)),
                    try characters().state,
                ]
            },
            take: {
                let training = try characters()
                var means = MeanLosses(steps: 10)
                return (means.restore($0, training), means.state(training))
            }),
        Subject(
            description: "students",
            state: {
                let training = try students()
                training.advance()
                return training.state
            }, others: { [try students(width: 3).state, try students(seed: 2).state] },
            take: {
                let training = try students()
                return (training.restore($0), training.state)
            }),
        Subject(
            description: "a record of overlaps", state: { record(2) },
            others: {
                // Another shape, another seed, and more rows than there are steps to record at.
                [record(2, columns: 2), record(2, seed: 2), record(4)]
            },
            take: {
                var known = OnlineRecord(columns: 3, seed: 1)
                let kept = known.restore($0, steps: [10, 20, 30], weights: 4)
                return (
                    kept != nil, known.state(step: kept?.step ?? 0, weights: kept?.weights ?? [])
                )
            }),
        Subject(
            description: "rows of losses", state: { losses(5) },
            others: { [losses(5, width: 4), losses(5, seed: 2), losses(10)] },
            take: {
                let kept = KeptLosses($0, width: 3, limit: 9, seed: 1)
                return (!kept.rows.isEmpty, kept.state)
            }),
    ]

    @Test(arguments: subjects)
    func `a kept state is taken up, and that of another computation is not`(_ subject: Subject)
        throws
    {
        let state = try subject.state()
        let taken = try subject.take(state)
        #expect(taken.isTaken && taken.state == state)
        let fresh = try subject.take([]).state
        for (number, other) in try subject.others().enumerated() {
            let found = try subject.take(other)
            #expect(!found.isTaken && found.state == fresh, "\(number)")
        }
    }

    @Test(arguments: subjects)
    func `no damage is taken up, none ends the program, and nothing changes`(_ subject: Subject)
        throws
    {
        let state = try subject.state()
        let fresh = try subject.take([]).state
        var stream = RandomStream(seed: 11, purpose: "damage")
        func check(_ bytes: [UInt8], _ what: String) throws {
            let found = try subject.take(bytes)
            #expect(!found.isTaken && found.state == fresh, "\(what)")
        }
        for _ in 0..<60 {
            let place = stream.integer(below: state.count)
            try check(Array(state[..<place]), "the first \(place) bytes")
            var flipped = state
            let bit = UInt8(1) << UInt8(stream.integer(below: 8))
            flipped[place] ^= bit
            try check(flipped, "bit \(bit) of byte \(place)")
            let other = stream.integer(below: state.count)
            flipped[other] ^= bit
            if other != place { try check(flipped, "bit \(bit) of bytes \(place) and \(other)") }
            try check(
                Array(state[..<place] + state[min(place + 8, state.count)...]), "8 bytes gone")
        }
        try check(state + [0], "a byte more")
        try check(state + state, "twice")
        // With a checksum that fits, as an older or a forged state has one: what it counts is not believed.
        for place in stride(from: 8, to: min(state.count - 8, 200), by: 8) {
            for word in [UInt64.max, 1 << 63, 1 << 40, 0x7fff_ffff_ffff_ffff] {
                var forged = Array(state[..<(state.count - 8)])
                for byte in 0..<8 {
                    forged[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
                }
                _ = try subject.take(StateWriter.sealed(forged))
            }
            _ = try subject.take(StateWriter.sealed(Array(state[..<place])))
        }
        _ = try subject.take(StateWriter.sealed(Array(state[..<8])))
    }
}
