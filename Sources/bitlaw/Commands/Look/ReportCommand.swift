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

    @Flag(help: "Also replace a file that Bitlaw did not write, or that was changed since.")
    var force = false

    @Flag(help: "Open the page (with xdg-open).")
    var open = false

    func run() throws {
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for (index, lacking) in plan.lacking.sorted(by: { $0.key < $1.key }) {
            Output.error(
                "partial: \(graph.actions[index].name) was made without "
                    + "\(firstFew(lacking.map { graph.actions[$0].name })), which gave no result\n")
        }
        var items: [ExportItem] = []
        for index in try chosen.selection.actions(in: graph) {
            let action = graph.actions[index]
            for port in graph.stage(of: action).kind.outputs where port.role == .page {
                guard let output = plan.outputs[action.index].first(where: { $0.name == port.name })
                else {
                    throw UsageError(
                        text: "\(action.name) has not run\n  fix: bitlaw run \(graph.file)")
                }
                items.append(
                    ExportItem(
                        action: action, output: port.name, digest: output.digest,
                        name: ExportName.ofPage(action, port, in: graph)))
            }
        }
        guard !items.isEmpty || chosen.selection.isAll else {
            throw UsageError(
                text: "nothing that is named makes a page\n  fix: bitlaw report \(graph.file)")
        }
        guard !items.isEmpty else {
            throw UsageError(
                text: "\(graph.file) has no stage that makes a page\n"
                    + "  fix: add one, such as a stage of kind page")
        }
        let files = try Exporter(store, graph, to: to, isForced: force).export(items)
        for (item, file) in zip(items, files) {
            if file.state == .lost { throw OperationalError.lost(item.digest, in: store) }
            Output.line(
                options.common.json
                    ? JSON.object([
                        "action": .string(item.action.name), "path": .string(file.path),
                        "digest": .string(item.digest.hex), "state": .string(file.state.rawValue),
                    ]).canonicalText : file.path)
            if open { Browser.open(file.path) }
        }
    }
}
