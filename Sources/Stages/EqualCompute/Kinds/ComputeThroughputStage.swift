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
                seed: 1, arithmetic: try Arithmetic.shared())
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

/// Turns a throughput and hours into steps of training.
package enum ComputeStepsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.steps", version: 1,
        summary:
            "Steps of training that a compute class allows: round(tokens/s · 3600 · hours/(batch · length)).",
        source:
            "Stanić et al. (2023), arXiv 2309.11197: published step counts are rounded, not truncated",
        parameters: [
            Parameter(
                "hours", .number(from: 0, to: 1e6, openLow: true), unit: "h",
                "Accelerator hours: virtual, on the machine of the throughput."),
            Parameter("batch", .integer(1...1_000_000), "Streams in a step."),
            Parameter("length", .integer(1...1_000_000), "Tokens of a stream in a step."),
            Parameter(
                "tokens_per_second", .optional(.number(from: 0, to: 1e12, openLow: true)),
                default: .null,
                "The throughput, where no measurement is given."),
        ],
        inputs: [
            InputPort("throughput", "throughput.json of compute.throughput", isOptional: true)
        ],
        outputs: [
            OutputPort(
                "steps", fileName: "steps.json", "steps, hours, tokens_per_second, batch, length.")
        ])

    /// Divides.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let measured = try context.inputs("throughput").first.map { try JSON(parsing: $0.bytes()) }
        let given =
            parameters.isNull("tokens_per_second") ? nil : parameters.number("tokens_per_second")
        guard (measured == nil) != (given == nil),
            let speed = given ?? measured?["tokens_per_second"]?.double
        else {
            throw FormatError(
                "tokens_per_second: expected either the parameter or the input `throughput`, found "
                    + (measured == nil ? "neither" : "both"))
        }
        let (batch, length) = (parameters.integer("batch"), parameters.integer("length"))
        let hours = parameters.number("hours")
        let steps = (speed * 3600 * hours / Double(batch * length)).rounded()
        guard steps >= 1 else {
            throw FormatError(
                "hours: \(hours) hours at \(speed) tokens a second allow no step; raise them")
        }
        let document: JSON = [
            "steps": .number(steps), "hours": .number(hours), "tokens_per_second": .number(speed),
            "batch": .number(Double(batch)), "length": .number(Double(length)),
        ]
        try context.write("steps", document.pretty())
    }
}
