import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run

/// Counts what is there for each stage.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count, for each stage, what is cached and what is missing; list the last runs.",
        discussion: """
            EXAMPLE
              bitlaw status pipelines/spiral.yaml
            """)

    @OptionGroup var options: ExperimentOptions

    func run() throws {
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        var cached = [Int](repeating: 0, count: graph.stages.count)
        var total = cached
        for action in graph.actions {
            total[action.stage] += 1
            if case .cached = plan.states[action.index] { cached[action.stage] += 1 }
        }
        var runs: [JSON] = []
        for name in try store.runNames().prefix(50) {
            guard runs.count < 5, let record = try store.run(name),
                record["experiment"]?.text == graph.experiment
            else { continue }
            runs.append([
                "run": .string(name), "outcome": record["outcome"] ?? .null,
                "seconds": record["seconds"] ?? .null,
            ])
        }
        if options.common.json {
            let stages = graph.stages.enumerated().map { index, stage -> JSON in
                [
                    "stage": .string(stage.name), "kind": .string(stage.kind.name),
                    "actions": .number(Double(total[index])),
                    "cached": .number(Double(cached[index])),
                ]
            }
            Output.line(
                JSON.object([
                    "experiment": .string(graph.experiment), "stages": .array(stages),
                    "runs": .array(runs),
                ]).canonicalText)
            return
        }
        let width = graph.stages.map { $0.name.count }.max() ?? 0
        for (index, stage) in graph.stages.enumerated() {
            let name = stage.name + String(repeating: " ", count: width - stage.name.count)
            let state =
                cached[index] == total[index] ? "" : "  \(total[index] - cached[index]) missing"
            Output.line("\(name)  \(cached[index])/\(total[index]) cached\(state)")
        }
        for run in runs {
            Output.line(
                "run \(run["run"]?.text ?? "")  \(run["outcome"]?.text ?? "")  "
                    + Duration.text(run["seconds"]?.double ?? 0))
        }
    }
}
