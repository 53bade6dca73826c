import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Remotes
import Run
import System

/// Shows an action: parameters, inputs, outputs, log.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an action: its key, parameters, seed, inputs, outputs with digests, log.",
        discussion: """
            Several actions print a table: one row for each action with its state, seconds and digest. One \
            action, or --details, prints everything.

            EXAMPLE
              bitlaw show pipelines/spiral.yaml train
              bitlaw show pipelines/spiral.yaml manifold
              bitlaw show pipelines/spiral.yaml law --output law
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(
        name: .long,
        help: """
            Print the bytes of this output instead. A folder prints the digests and names of its files; \
            OUTPUT/FILE prints one of them.
            """)
    var output: String?

    @Flag(
        help: "Print each of several actions by itself, with parameters, inputs, outputs and log.")
    var details = false

    func validate() throws {
        if output != nil && options.common.json {
            throw ValidationError(
                "--output prints the bytes of an output, and --json a document; found both")
        }
    }

    func run() throws {
        let targets = try chosen.required("show")
        let (graph, store) = try options.open()
        let actions = try targets.actions(in: graph)
        if actions.count > 1 && output == nil && !details && !options.common.json {
            return try ActionListing(graph, actions, options.common)
                .show(KnownActions(graph, store))
        }
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in actions {
            if let output {
                try print(output, index, graph, store, plan)
            } else {
                let description = try ActionDescription(index, graph, store, plan)
                if options.common.json {
                    Output.document(description.json, .show)
                } else {
                    for line in description.lines { Output.line(line) }
                }
            }
        }
    }

    private func print(
        _ text: String, _ index: Int, _ graph: ActionGraph, _ store: Store, _ plan: Plan
    ) throws {
        let ports = graph.stage(of: graph.actions[index]).kind.outputs
        // A file of an output that is a folder is named as OUTPUT/PATH.
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let output = parts.first ?? text
        guard let port = ports.first(where: { $0.name == output }),
            parts.count < 2 || port.isTree
        else {
            let names = ports.map { $0.isTree ? "\($0.name), \($0.name)/FILE" : $0.name }
            throw UsageError(
                text: "\(graph.actions[index].name) has no output `\(text)`\n"
                    + "  expected: \(names.joined(separator: ", "))")
        }
        let found = try plan.output(output, of: index, in: graph)
        guard found.isTree else { return try print(found.digest, named: port.fileName, store) }
        guard let tree = try store.tree(found.digest) else {
            throw OperationalError.lost(found.digest, in: store)
        }
        guard parts.count == 2 else { return list(tree) }
        guard let entry = tree.entries.first(where: { $0.path.isSameText(as: parts[1]) }),
            case .file(let digest, _, _) = entry.content
        else {
            throw UsageError(
                text: "the output `\(output)` of \(graph.actions[index].name) has no file "
                    + "`\(printable(parts[1]))`\n"
                    + "  fix: --output \(output) lists its files")
        }
        try print(
            digest, named: entry.path.split(separator: "/").last.map(String.init) ?? "", store)
    }

    /// Prints the files of a folder as `sha256sum` does, and its links.
    private func list(_ tree: Tree) {
        for entry in tree.entries {
            switch entry.content {
            case .file(let digest, _, _):
                Output.line("\(digest.hex)  \(visible(entry.path, most: .max))")
            case .link(let target):
                Output.line(
                    "link to \(visible(target, most: .max))  \(visible(entry.path, most: .max))")
            case .folder: continue
            }
        }
    }

    /// Prints the bytes of a file.
    private func print(_ digest: Digest, named name: String, _ store: Store) throws {
        if isatty(1) == 1 { return try printText(digest, name, store) }
        // What is small is verified before a byte of it is given out; of the rest the last piece waits.
        let size = (try? store.size(of: digest)) ?? 0
        if size <= ShowCommand.mostOnTerminal {
            guard let bytes = try store.bytes(of: digest) else {
                throw OperationalError.lost(digest, in: store)
            }
            return unsafe bytes.withUnsafeBytes { unsafe Output.write($0) }
        }
        guard try unsafe store.read(digest, { unsafe Output.write($0) }) else {
            throw OperationalError.lost(digest, in: store)
        }
    }

    /// Prints an output on a terminal: text alone, without what would steer it.
    private func printText(_ digest: Digest, _ name: String, _ store: Store) throws {
        let size = (try? store.size(of: digest)) ?? 0
        let bytes = size <= ShowCommand.mostOnTerminal ? try store.bytes(of: digest) : []
        guard let bytes else { throw OperationalError.lost(digest, in: store) }
        guard size <= ShowCommand.mostOnTerminal, !bytes.contains(0),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw UsageError(
                text:
                    "--output \(output ?? ""): \(ByteCount.text(size)) that are no text for a terminal\n"
                    + "  fix: send them into a file, > FILE, or bitlaw export \(options.experiment)"
            )
        }
        Output.write(text)
        if let remark = SpreadsheetFormulas.remark(bytes, named: name) { Output.error(remark) }
    }

    /// The most bytes that are printed on a terminal, and held in memory.
    private static let mostOnTerminal = 64 << 20
}
