import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System

/// Shows an action: parameters, inputs, outputs, log.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an action: its key, parameters, seed, inputs, outputs with digests, log.",
        discussion: """
            EXAMPLE
              bitlaw show pipelines/spiral.yaml manifold
              bitlaw show pipelines/spiral.yaml law --output law
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(name: .long, help: "Print the bytes of this output instead.")
    var output: String?

    func run() throws {
        let targets = try chosen.required("show")
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in try targets.actions(in: graph) {
            if let output {
                try print(output, index, graph, store, plan)
            } else {
                let description = try ActionDescription(index, graph, store, plan)
                if options.common.json {
                    Output.line(description.json.canonicalText)
                } else {
                    for line in description.lines { Output.line(line) }
                }
            }
        }
    }

    private func print(
        _ output: String, _ index: Int, _ graph: ActionGraph, _ store: Store, _ plan: Plan
    ) throws {
        let names = graph.stage(of: graph.actions[index]).kind.outputs.map { $0.name }
        guard names.contains(output) else {
            throw UsageError(
                text: "\(graph.actions[index].name) has no output `\(output)`\n"
                    + "  expected: \(names.joined(separator: ", "))")
        }
        guard let digest = plan.outputs[index].first(where: { $0.name == output })?.digest else {
            throw UsageError(
                text: "\(graph.actions[index].name) has not run\n"
                    + "  fix: bitlaw run \(graph.file) '\(graph.actions[index].name)'")
        }
        guard let bytes = try store.bytes(of: digest) else {
            throw OperationalError.lost(digest, in: store)
        }
        Output.write(String(decoding: bytes, as: UTF8.self))
    }
}
