import Canon
package import Experiment
import Numerics
import Workbench

/// Integrates the gradient flow of an erf committee within the span of its teacher.
package enum ReducedFlowStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "theory.reduced-flow", version: 1,
        summary: """
            The learning curve of an erf committee for small rates and small starts, by two numbers \
            an eigenvalue: exact to the end of the tail.
            """,
        source: "our own derivation from the gradient of the error; docs/POWER-LAW-SPECTRA.md, §9",
        parameters: OnlineParameters.spectrum + [
            Parameter("units", .integer(1...256), default: 2, "M, of student and teacher."),
            Parameter(
                "same", .number(from: -1, to: 1), default: 0.002,
                "A at the start: each student's part along its own teacher."),
            Parameter(
                "other", .number(from: -1, to: 1), default: 0.001,
                "O at the start: its part along each other teacher."),
            Parameter(
                "times", .list(.number(from: 0, to: 1e9), count: 1...10_000),
                "The values of ηα that are recorded, ascending."),
        ],
        inputs: [OnlineParameters.spectrumPort],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                "time: ηα; error; r, s: a student with its own and with another teacher.")
        ])

    /// Integrates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let times = parameters.numbers("times")
        guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw FormatError("times: expected values in ascending order; sort them")
        }
        let flow = ReducedFlow(
            spectrum: try OnlineParameters.spectrum(context), units: parameters.integer("units"))
        let states = flow.states(
            at: times, same: parameters.number("same"), other: parameters.number("other"))
        var table = Table(columns: ["time", "error", "r", "s"])
        for (time, state) in zip(times, states) {
            let sums = flow.sums(state)
            table.append([
                .number(time), .number(flow.error(state)), .number(sums.r), .number(sums.s),
            ])
        }
        try context.write("curve", table.csv())
    }
}
