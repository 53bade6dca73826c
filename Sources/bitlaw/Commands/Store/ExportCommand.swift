import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System

/// Copies outputs out of the store.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copy outputs out of the store, verified, in their own format.",
        discussion: """
            EXAMPLE
              bitlaw export pipelines/spiral.yaml law --to results
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(name: .long, help: "The folder (default: out/EXPERIMENT in the project).")
    var to: String?

    func run() throws {
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let exporter = Exporter(store: store)
        let folder = try to.map(ProjectFolder.absolute) ?? exporter.defaultFolder(graph)
        var missing = 0
        for index in try chosen.selection.actions(in: graph) {
            let action = graph.actions[index]
            if plan.outputs[index].isEmpty { missing += 1 }
            for port in graph.stage(of: action).kind.outputs {
                guard let output = plan.outputs[index].first(where: { $0.name == port.name }) else {
                    continue
                }
                let path = try exporter.export(
                    output.digest, folder: folder, name: Exporter.fileName(action.name, port))
                if options.common.json {
                    Output.line(
                        JSON.object([
                            "action": .string(action.name), "output": .string(port.name),
                            "path": .string(path), "digest": .string(output.digest.hex),
                        ]).canonicalText)
                } else if !options.common.quiet {
                    Output.line(path)
                }
            }
        }
        if missing > 0 {
            let count = counted(missing, "action has", "actions have")
            Output.error("\(count) not run\n  fix: bitlaw run \(graph.file)\n")
            throw ExitCode(Code.failed)
        }
    }
}
