import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Measures how many characters a second a training configuration reads on this machine.
package enum ComputeThroughputStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.throughput", version: 1,
        summary: """
            Measures a training step on this machine: characters a second over rounds after a \
            warm-up. A measurement: it belongs to the machine.
            """,
        source: """
            the protocol of Stanić et al. (2023), arXiv 2309.11197: random tokens, forward, \
            backward and Adam; 14 rounds after 6
            """,
        parameters: TextParameters.shape + [
            Parameter("warmup", .integer(0...10_000), default: 6, "Rounds that are not timed."),
            Parameter("rounds", .integer(1...100_000), default: 14, "Rounds that are timed."),
            Parameter(
                "repeats", .integer(1...1000), default: 5,
                "Times that this is done; the fastest counts."),
        ],
        outputs: [
            OutputPort(
                "throughput", fileName: "throughput.json",
                """
                tokens_per_second = round(batch·length/mean step) of the fastest repeat, \
                step_seconds of each, parameters, machine.
                """)
        ], usesProfile: true, isMeasurement: true)

    /// Times.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (batch, length) = (parameters.integer("batch"), parameters.integer("length"))
        let shape = TextParameters.shape(parameters)
        var stream = RandomStream(seed: 1, purpose: "throughput")
        let chunks = 4
        let text = TextStreams(
            (0..<(batch * (chunks * length + 1))).map { _ in
                Int32(stream.integer(below: shape.classes))
            }, streams: batch)
        let (warmup, rounds) = (parameters.integer("warmup"), parameters.integer("rounds"))
        let repeats = parameters.integer("repeats")
        var means: [Double] = []
        for number in 0..<repeats {
            let training = TextTraining(
                shape, streams: batch, length: length, steps: warmup + rounds, rate: 1e-3,
                warmup: 0,
                seed: 1, arithmetic: try context.arithmetic)
            for _ in 0..<warmup { _ = training.advance(text) }
            let clock = ContinuousClock()
            let start = clock.now
            for _ in 0..<rounds { _ = training.advance(text) }
            means.append((clock.now - start) / .seconds(1) / Double(rounds))
            context.progress(number + 1, of: repeats, note: "repeats")
        }
        let best = means.min() ?? 1
        let document: JSON = [
            "architecture": .string(shape.architecture.rawValue),
            "parameters": .number(Double(shape.layout.count)), "batch": .number(Double(batch)),
            "length": .number(Double(length)),
            "tokens_per_second": .number((Double(batch * length) / best).rounded()),
            "step_seconds": .array(means.map { .number($0) }),
            "machine": .string(MachineFingerprint.ofMeasurements),
        ]
        try context.write("throughput", document.pretty())
    }
}
