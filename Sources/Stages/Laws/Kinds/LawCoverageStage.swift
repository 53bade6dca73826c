import Canon
package import Experiment
import Numerics
import Workbench

/// How often intervals hold the truth, by simulation.
package enum LawCoverageStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.coverage", version: 5,
        summary: """
            Draws data from a known law many times, fits each, and counts how often each kind of \
            interval holds the truth.
            """,
        source: "our own",
        parameters: LawWorld.parameters + [
            Parameter(
                "grouped", .boolean, default: true,
                "Whether the fits know which runs form a cluster.")
        ] + LawObjective.parameters(summedOver: "points") + [
            Parameter(
                "weight", .text, default: "",
                "An expression over the inputs that weighs the points, such as (x/1000)^0.8."),
            Parameter(
                "intervals",
                .list(.choice(LawIntervals.Rule.allCases.map { $0.rawValue }), count: 1...4),
                default: ["percentile", "bca", "profile"],
                "Kinds of intervals; profile is left out where the objective has none."),
            Parameter(
                "at", .any, default: [],
                "Places such as {x: 1e12}, where the law and a new run are predicted."),
            Parameter("simulations", .integer(1...100_000), default: 200, "Data sets to draw."),
            Parameter("bootstrap", .integer(20...100_000), default: 200, "Samples of each."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        outputs: [
            OutputPort(
                "coverage", fileName: "coverage.csv",
                "For each parameter and place the share of intervals that hold the truth, and its error."
            )
        ],
        isRandom: true)

    /// Notes what no input could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("noise_factor", "weight")
        FormulaCheck(draft: draft).form()
    }

    /// Draws, fits, counts.
    package static func run(_ context: StageContext) throws {
        var coverage = try LawCoverage(context.parameters)
        let total = context.parameters.integer("simulations")
        for simulation in 0..<total {
            context.progress(simulation, of: total)
            coverage.simulate(simulation, seed: context.seed)
        }
        try context.write("coverage", coverage.table.csv())
    }
}
