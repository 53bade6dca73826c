import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System
import Workbench

/// Copies outputs out of the store.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copy outputs out of the store, verified, in their own format.",
        discussion: """
            Files that an earlier export wrote are written anew. A file that is not as Bitlaw wrote it is \
            never written over, unless --force is given.

            An MLflow server gets a run for each action, with parameters, metrics and the digests of \
            outputs, which stay in the store. What is there already is left as it is.

            EXAMPLE
              bitlaw export pipelines/spiral.yaml law --to results
              bitlaw export pipelines/spiral.yaml --prune
              bitlaw export pipelines/spiral.yaml train --to-mlflow http://127.0.0.1:5000
              bitlaw export pipelines/spiral.yaml law --format pdf
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(name: .long, help: "The folder (default: out/EXPERIMENT in the project).")
    var to: String?

    @Option(
        help: "The address of an MLflow server that gets a run for each action; no file is written."
    )
    var toMlflow: String?

    @Option(
        name: .long,
        help:
            "Only pictures: svg, pdf (84 mm wide) or png (1440 pixels), and LaTeX with their numbers."
    )
    var format: FigureFormat?

    @Flag(help: "Also replace files that Bitlaw did not write, or that were changed since.")
    var force = false

    @Flag(help: "Remove files of earlier exports that are no longer part of the experiment.")
    var prune = false

    func validate() throws {
        if toMlflow != nil && (to != nil || force || prune || format != nil) {
            throw ValidationError(
                "expected --to-mlflow, or --to, --force and --prune, or --format, which are about files; "
                    + "found both"
            )
        }
    }

    func run() throws {
        let server = try toMlflow.map { try MLflowServer($0, for: .person) }
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let indices = try chosen.selection.actions(in: graph).sorted()
        if let server {
            try bring(indices, plan, to: MLflowExport(server: server, graph: graph, store: store))
        } else {
            try copy(indices, plan, graph, store)
        }
        let missing = indices.count { plan.outputs[$0].isEmpty }
        if missing > 0 {
            let count = counted(missing, "action has", "actions have")
            Output.error("\(count) not run\n  fix: bitlaw run \(graph.file)\n")
            throw ExitCode(Code.failed)
        }
    }
}

extension ExportCommand {
    /// Copies outputs into a folder.
    private func copy(_ indices: [Int], _ plan: Plan, _ graph: ActionGraph, _ store: Store) throws {
        let all = indices.flatMap {
            self.items(of: graph.actions[$0], plan, graph)
        }
        let items = try format.map { try pictures(all, as: $0, store, graph) } ?? all
        let exporter = try Exporter(store, graph, to: to, isForced: force)
        let files = try exporter.export(items)
        for (item, file) in zip(items, files) where file.state != .lost { show(item, file) }
        if let lost = zip(items, files).first(where: { $1.state == .lost }) {
            throw OperationalError.lost(lost.0.digest, in: store)
        }
        let leftovers = try exporter.leftovers(beside: items, removing: prune)
        if options.common.json {
            for file in leftovers {
                Output.document(
                    ["path": .string(file.path), "state": .string(file.state.rawValue)], .export)
            }
        } else if !options.common.quiet {
            Output.error(summary(files, leftovers, exporter.folder))
        }
    }

    /// Brings actions to an MLflow server.
    private func bring(_ indices: [Int], _ plan: Plan, to export: MLflowExport) throws {
        var counts: [MLflowExport.State: Int] = [:]
        let remarks = try export.export(indices, of: plan) { outcome in
            counts[outcome.state, default: 0] += 1
            if options.common.json {
                Output.document(
                    [
                        "action": .string(outcome.action), "run": .string(outcome.id),
                        "page": .string(outcome.page), "state": .string(outcome.state.rawValue),
                    ], .exportMLflow)
            } else if !options.common.quiet {
                Output.line(outcome.page)
            }
        }
        for remark in remarks { Output.error("warning: \(remark)\n") }
        if options.common.json || options.common.quiet { return }
        let total = counts.values.reduce(0, +)
        let rest = counts[.completed].map { ", \($0) completed" } ?? ""
        Output.error(
            "\(counted(total, "run")) of experiment \(export.graph.experiment) in MLflow: "
                + "\(counts[.added] ?? 0) added\(rest), \(counts[.unchanged] ?? 0) unchanged\n")
    }

    private func items(of action: Action, _ plan: Plan, _ graph: ActionGraph) -> [ExportItem] {
        graph.stage(of: action).kind.outputs.compactMap { port in
            plan.outputs[action.index].first { $0.name == port.name }.map {
                ExportItem(
                    action: action, output: port.name, digest: $0.digest,
                    name: ExportName.of(action, port), isTree: $0.isTree)
            }
        }
    }

    /// The pictures among items in another format, with LaTeX beside them.
    private func pictures(
        _ items: [ExportItem], as format: FigureFormat, _ store: Store, _ graph: ActionGraph
    ) throws -> [ExportItem] {
        let pictures = try items.filter { item in
            if item.name.hasSuffix(".svg") { return true }
            guard item.name.hasSuffix(".json"), !item.isTree else { return false }
            return try store.bytes(of: item.digest).map(PlotDocument.isOne) ?? false
        }
        guard !pictures.isEmpty || items.isEmpty else {
            throw UsageError(
                text:
                    "--format \(format.rawValue): none of the chosen stages has a picture (an output "
                    + "in SVG, or the data of a plot)\n  fix: name one that has, such as a stage of kind "
                    + "chart or law.fit"
            )
        }
        let scratch = try ScratchFolder(store)
        defer { scratch.remove() }
        return try FigureMaker(store: store, format: format, scratch: scratch)
            .items(of: pictures, outputs: items)
    }

    private func show(_ item: ExportItem, _ file: ExportedFile) {
        if options.common.json {
            Output.document(
                [
                    "action": .string(item.action.name), "output": .string(item.output),
                    "path": .string(file.path), "digest": .string(item.digest.hex),
                    "state": .string(file.state.rawValue),
                ], .export)
        } else if !options.common.quiet {
            Output.line(file.path)
        }
        guard !item.isTree, file.state == .written || file.state == .unchanged else { return }
        if let remark = SpreadsheetFormulas.remark(file.path, named: item.name) {
            Output.error(remark)
        }
    }

    /// What was done, for people.
    private func summary(_ files: [ExportedFile], _ old: [ExportedFile], _ folder: String) -> String
    {
        let written = files.count { $0.state == .written }
        var text = "\(counted(files.count, "output")) in \(folder): \(written) written, "
        text += "\(files.count - written) unchanged\n"
        for file in old where file.state == .removed { text += "removed \(file.path)\n" }
        let left = old.filter { $0.state == .left }
        if left.isEmpty { return text }
        let verb = left.count == 1 ? "is" : "are"
        text += "\(counted(left.count, "file")) of earlier exports \(verb) no longer part of "
        text += "\(options.experiment):\n"
        for file in left.prefix(5) { text += "  \(file.path)\n" }
        if left.count > 5 { text += "  and \(left.count - 5) more\n" }
        let into = to.map { " --to \($0)" } ?? ""
        return text
            + (prune
                ? "  changed since bitlaw wrote them, so they are left: remove them by hand\n"
                : "  fix: bitlaw export \(options.experiment)\(into) --prune\n")
    }
}
