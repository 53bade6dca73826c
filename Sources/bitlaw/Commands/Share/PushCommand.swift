import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Remotes
import Run

/// Brings results to a remote.
struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Bring an experiment's results to a remote.",
        discussion: """
            What is there already stays as it is. Where you have a key (bitlaw keys new), the results \
            that you made here are signed; what you only pulled keeps the signatures that it came with. \
            Cut off at any moment, the same command goes on.

            EXAMPLE
              bitlaw push pipelines/spiral.yaml --to lab
              bitlaw push pipelines/spiral.yaml law --to /media/stick/store --tag paper-v1
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(name: .long, help: "A remote's name, a folder, an address, or rclone:REMOTE:PATH.")
    var to: String?

    @Option(name: .long, help: "Give what is pushed a name to pull it by.")
    var tag: String?

    @Option(name: .long, help: "Leave out results with a larger output, such as 100MB.")
    var maxSize: String?

    @Flag(name: .long, help: "Only results, signatures and keys; outputs and logs stay here.")
    var metaOnly = false

    @Flag(help: "Push outputs too that are a file outside the project, where a link leads.")
    var includeOutside = false

    @Flag(name: .long, help: "Do not sign.")
    var unsigned = false

    @Flag(name: [.customShort("n"), .long], help: "Only say what would go.")
    var dryRun = false

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let push = try pushOptions(project: graph.project)
        let remote = try Sharing.find(to, "--to", project: graph.project)
        let found = try withoutCopies(try choose(graph, store), graph, store)
        // What would go into a folder that is not there yet is told without making it.
        let scratch = try dryRun && remote.isAbsentFolder ? ScratchFolder(store) : nil
        defer { scratch?.remove() }
        var asked = remote
        if let scratch { asked.address = .folder("\(scratch.path)/new") }
        let slot = try Sharing.slot(
            asked, project: graph.project, creating: !dryRun || scratch != nil)
        let session = RemoteSession(store: store, slots: [slot])
        let display = TransferDisplay("pushed", options.common)
        session.onProgress = { display.show($0) }
        defer { display.end() }
        try session.push(blobs: found.sources, options: push)
        try session.push(found.results, options: push)
        if let tag, !dryRun {
            let list = RemoteTag(name: tag, keys: found.results.map { $0.key })
            try slot.remote.put(list)
        }
        display.end()
        if options.common.json {
            Output.document(
                SharingReport.json(
                    session.count, remote: remote.name, missing: found.missing,
                    seconds: display.seconds), .push)
        } else if !options.common.quiet {
            for line in lines(session.count, remote.name, found.missing, display.seconds) {
                Output.line(line)
            }
        }
    }

    private func pushOptions(project: String) throws -> PushOptions {
        if let tag, !isSafeName(tag) {
            throw UsageError(
                text: "--tag \(tag): expected a name of letters, digits, '.', '_' and '-'")
        }
        var push = try Sharing.pushOptions(unsigned: unsigned, project: project)
        push.metaOnly = metaOnly
        push.dryRun = dryRun
        push.maxSize = try SizeArgument.bytes(maxSize)
        return push
    }

    /// The results to push, the downloads that have none of their own, and how many actions have nothing.
    private func choose(_ graph: ActionGraph, _ store: Store) throws
        -> (results: [ActionResult], sources: [Digest], missing: Int)
    {
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let wanted = try chosen.selection.wanted(in: graph)
        var results: [ActionResult] = []
        var sources: [Digest] = []
        var missing = 0
        for index in graph.actions.indices where wanted[index] {
            guard case .cached = plan.states[index], let key = plan.keys[index] else {
                missing += 1
                continue
            }
            // A download that the store has by its bytes alone has no result of its own.
            if let found = try plan.results[index] ?? store.result(for: key)?.result {
                results.append(found)
            } else if let source = graph.pinnedSource(of: index) {
                sources.append(source)
            }
        }
        return (results, sources, missing)
    }

    /// Leaves out results that would publish a file from outside the project, and says so.
    private func withoutCopies(
        _ found: (results: [ActionResult], sources: [Digest], missing: Int), _ graph: ActionGraph,
        _ store: Store
    ) throws -> (results: [ActionResult], sources: [Digest], missing: Int) {
        if includeOutside || metaOnly { return found }
        var kept = found
        kept.results = try PushCommand.withoutCopies(found.results, graph, store)
        return kept
    }

    /// Leaves out results that would publish a file from outside the project, and says so.
    static func withoutCopies(
        _ results: [ActionResult], _ graph: ActionGraph, _ store: Store
    ) throws -> [ActionResult] {
        let outside = try FilesOutside(of: graph)
        if outside.files.isEmpty { return results }
        return try results.filter { result in
            guard let file = try outside.copy(in: result, of: store) else { return true }
            Output.error(
                "left out: \(result.kind) \(result.key.short): an output is \(printable(file.path)) byte "
                    + "for byte, which stands outside the project\n"
                    + "  fix: if it may be published, --include-outside\n")
            return false
        }
    }

    /// What was pushed, for people.
    private func lines(_ count: TransferCount, _ remote: String, _ missing: Int, _ seconds: Double)
        -> [String]
    {
        var lines = [
            "\(dryRun ? "would push" : "pushed") \(counted(count.results, "result")) and "
                + "\(counted(count.blobs, "blob")) (\(ByteCount.text(count.bytes))) to \(remote)"
                + (dryRun ? "" : " in \(Duration.text(seconds))")
        ]
        if count.present > 0 {
            lines.append(
                counted(count.present, "result was there already", "results were there already"))
        }
        if count.refused > 0 {
            lines.append(
                counted(
                    count.refused, "result has an output beyond --max-size and stays here",
                    "results have an output beyond --max-size and stay here"))
        }
        if count.conflicts > 0 {
            lines.append(
                counted(count.conflicts, "key has a result", "keys have results")
                    + " with other bits there; both are kept, "
                    + "bitlaw audit tells which of them your machine gives")
        }
        lines += NotSigned.lines(count.unsigned, of: options.experiment)
        if missing > 0 {
            lines.append(
                counted(missing, "action has", "actions have")
                    + " no result yet: bitlaw run, then push again")
        }
        return lines
    }
}

extension RemoteConfiguration {
    /// Whether the remote is a folder that nothing stands at.
    fileprivate var isAbsentFolder: Bool {
        guard case .folder(let path) = address else { return false }
        return unsafe access(path, F_OK) != 0
    }
}
