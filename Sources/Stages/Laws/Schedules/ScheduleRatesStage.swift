import Canon
package import Experiment
import Workbench

/// Learning-rate schedules, step by step.
package enum ScheduleRatesStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "schedule.rates", version: 1,
        summary: "Writes learning-rate schedules step by step, each from its phases.",
        source: "our own",
        parameters: [
            Parameter(
                "curves", .any,
                """
                Phases of each schedule, {cosine: [{until: 2000, shape: linear, from: 0, to: 3e-4}, \
                {until: 20000, shape: cosine, to: 3e-5}]}; a phase begins at the rate that ended the last.
                """)
        ],
        outputs: [
            OutputPort("rates", fileName: "rates.csv", "curve, step (from 0), rate.")
        ])

    /// Evaluates every phase.
    package static func run(_ context: StageContext) throws {
        guard let curves = context.parameters.value("curves").members, !curves.isEmpty else {
            throw FormatError(
                "curves: expected a mapping of names to lists of phases, found "
                    + context.parameters.value("curves").canonicalText)
        }
        var table = Table(columns: ["curve", "step", "rate"])
        for name in JSON.sorted(curves.keys) {
            var step = 0
            for phase in try SchedulePhase.phases(curves[name] ?? .null, curve: name) {
                for rate in phase.rates {
                    table.append([.string(name), .number(Double(step)), .number(rate)])
                    step += 1
                }
            }
        }
        try context.write("rates", table.csv())
    }
}
