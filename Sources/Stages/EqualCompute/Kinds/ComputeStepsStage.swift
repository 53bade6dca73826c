import Canon
package import Experiment
import Workbench

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
