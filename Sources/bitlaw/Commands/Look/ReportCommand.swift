import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System
import Workbench

/// Puts the report where a browser can open it.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the experiment's report to a file and print its path.",
        discussion: """
            The report is what the experiment's own page says. An experiment without a page gets one \
            made from its results: laws, tables, pictures, warnings, the graph of stages, and where the \
            numbers come from.

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
        guard graph.stages.contains(where: { $0.kind.outputs.contains { $0.role == .page } }) else {
            let page = try automaticPage(of: graph, in: store)
            return try export([page], graph, store, isOwn: false)
        }
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
        guard !items.isEmpty else { throw ReportCommand.nothingNamed(graph) }
        try export(items, graph, store)
    }

    private static func nothingNamed(_ graph: ActionGraph) -> UsageError {
        UsageError(text: "nothing that is named makes a page\n  fix: bitlaw report \(graph.file)")
    }

    /// The page of an experiment that has none of its own, as it is stored.
    private func automaticPage(of graph: ActionGraph, in store: Store) throws -> ExportItem {
        let wanted = try chosen.selection.actions(in: graph)
        guard chosen.selection.isAll, let last = wanted.last else {
            throw ReportCommand.nothingNamed(graph)
        }
        let page = try AutomaticReport(graph, store).html()
        return ExportItem(
            action: graph.actions[last], output: ReportPorts.page.name,
            digest: try store.put(page), name: ReportPorts.page.fileName)
    }

    /// Writes pages into their folder and prints where they are; `isOwn` where an action made them.
    private func export(
        _ items: [ExportItem], _ graph: ActionGraph, _ store: Store, isOwn: Bool = true
    ) throws {
        let files = try Exporter(store, graph, to: to, isForced: force).export(items)
        for (item, file) in zip(items, files) {
            if file.state == .lost { throw OperationalError.lost(item.digest, in: store) }
            if options.common.json {
                Output.document(
                    [
                        "action": isOwn ? .string(item.action.name) : .null,
                        "path": .string(file.path), "digest": .string(item.digest.hex),
                        "state": .string(file.state.rawValue),
                    ], .report)
            } else {
                Output.line(file.path)
            }
            if open { Browser.open(file.path) }
        }
    }
}
