import Canon
package import Experiment
import Numerics
import Workbench

/// Points of a law at given inputs, with or without noise.
package enum LawSimulateStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.simulate", version: 1,
        summary: "Makes a table from a law: for checks of fits on data whose truth is known.",
        source: "our own",
        parameters: LawWorld.parameters,
        outputs: [
            OutputPort(
                "table", fileName: "table.csv", "The inputs and y; with clusters also the group.")
        ],
        isRandom: true)

    /// Notes what no input could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("noise_factor")
        FormulaCheck(draft: draft).form()
    }

    /// Draws the points.
    package static func run(_ context: StageContext) throws {
        let world = try LawWorld(context.parameters)
        let y = world.draw(seed: context.seed, index: 0)
        var table = Table(
            columns: world.form.inputs + ["y"] + (world.cluster == nil ? [] : ["group"]))
        for row in y.indices {
            let group = world.cluster.map { [JSON.number(Double($0[row] + 1))] } ?? []
            table.append(world.x.map { .number($0[row]) } + [.finite(y[row])] + group)
        }
        try context.write("table", table.csv())
    }
}
