import ArgumentParser
import Cache
import Pipeline
import Stages

/// Says which fields of a key differ from the last run.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say which field of an action's key differs from the last run.",
        discussion: """
            EXAMPLE
              bitlaw why pipelines/spiral.yaml 'data[samples=1000,replicate=0]'
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "An action, or a stage for all its actions.")
    var action: String

    func run() throws {
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in try Targets.find(action, in: graph) {
            let why = try Why.explain(
                index, plan: plan, graph: graph, store: store, registry: allKinds)
            if options.common.json {
                Output.line(
                    JSON.object([
                        "action": .string(why.action),
                        "key": why.key.map { .string($0.hex) } ?? .null,
                        "seed": why.seed.map { .string($0) } ?? .null,
                        "comparedWith": why.comparedWith.map { .string($0) } ?? .null,
                        "reasons": .array(why.reasons.map { .string($0.text) }),
                    ]).canonicalText)
                continue
            }
            Output.line(why.action)
            Output.line("  key   \(why.key?.hex ?? "not known before what it reads has run")")
            if let seed = why.seed { Output.line("  seed  \(seed)") }
            if let run = why.comparedWith { Output.line("  compared with run \(run)") }
            for reason in why.reasons { Output.line("  - \(reason.text)") }
        }
    }
}
