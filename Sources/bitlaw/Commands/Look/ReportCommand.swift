import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System

/// Puts the report where a browser can open it.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the experiment's report to a file and print its path.",
        discussion: """
            EXAMPLE
              bitlaw report pipelines/spiral.yaml
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
        var isFound = false
        for action in try chosen.selection.actions(in: graph).map({ graph.actions[$0] }) {
            for port in graph.stage(of: action).kind.outputs where port.role == .page {
                isFound = true
                guard let output = plan.outputs[action.index].first(where: { $0.name == port.name })
                else {
                    throw UsageError(
                        text: "\(action.name) has not run\n  fix: bitlaw run \(graph.file)")
                }
                let path = try exporter.export(
                    output.digest, folder: folder,
                    name: Exporter.reportName(action, port, in: graph))
                Output.line(
                    options.common.json
                        ? JSON.object([
                            "action": .string(action.name), "path": .string(path),
                            "digest": .string(output.digest.hex),
                        ]).canonicalText : path)
            }
        }
        if !isFound && !chosen.selection.isAll {
            throw UsageError(
                text: "nothing that is named makes a report\n  fix: bitlaw report \(graph.file)")
        }
        if !isFound {
            throw UsageError(
                text: "\(graph.file) has no stage that makes a report\n"
                    + "  fix: add one, such as a stage of kind spiral.report")
        }
    }
}
