import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Remotes
import Run

/// Brings results to a remote.
struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring an experiment's results to a remote.",
        discussion: """
            What is there already stays as it is. Results are signed where you have a key (bitlaw keys
            new). Cut off at any moment, the same command goes on.

            EXAMPLE
              bitlaw push pipelines/spiral.yaml --to lab
              bitlaw push pipelines/spiral.yaml law --to /media/stick/store --tag paper-v1
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "Actions or stages, with what they need (default: all).")
    var targets: [String] = []

    @Option(name: .long, help: "A remote's name, a folder, an address, or rclone:REMOTE:PATH.")
    var to: String?

    @Option(name: .long, help: "Give what is pushed a name to pull it by.")
    var tag: String?

    @Option(name: .long, help: "Leave out results with a larger output, such as 100MB.")
    var maxSize: String?

    @Flag(name: .long, help: "Only results, signatures and keys; outputs and logs stay here.")
    var metaOnly = false

    @Flag(name: .long, help: "Do not sign.")
    var unsigned = false

    @Flag(name: [.customShort("n"), .long], help: "Only say what would go.")
    var dryRun = false

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        if let tag, !isSafeName(tag) {
            throw UsageError(
                text: "--tag \(tag): expected a name of letters, digits, '.', '_' and '-'")
        }
        var push = PushOptions()
        push.metaOnly = metaOnly
        push.dryRun = dryRun
        let keys = try KeyStore()
        push.signer = unsigned ? nil : try keys.signingKey()
        push.known = try Sharing.knownKeys(keys, project: graph.project)
        if let maxSize {
            guard let bytes = ByteCount.read(maxSize) else {
                throw UsageError(text: "--max-size \(maxSize): expected a size such as 100MB")
            }
            push.maxSize = bytes
        }
        let remote = try Sharing.find(to, "--to", project: graph.project)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let wanted = try Targets.select(targets, in: graph)
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
        try session.push(blobs: sources, options: push)
        try session.push(results, options: push)
        if let tag, !dryRun {
            let list = RemoteTag(name: tag, keys: results.map { $0.key })
            try slot.remote.put(list)
        }
        display.end()
        let count = session.count
        if options.common.json {
            Output.line(
                SharingReport.json(
                    count, remote: remote.name, missing: missing, seconds: display.seconds
                ).canonicalText)
            return
        }
        if options.common.quiet { return }
        Output.line(
            "\(dryRun ? "would push" : "pushed") \(count.results) results and \(count.blobs) blobs "
                + "(\(ByteCount.text(count.bytes))) to \(remote.name)"
                + (dryRun ? "" : " in \(Duration.text(display.seconds))"))
        if count.present > 0 { Output.line("\(count.present) results were there already") }
        if count.refused > 0 {
            Output.line("\(count.refused) results have an output beyond --max-size and stay here")
        }
        if count.conflicts > 0 {
            Output.line(
                "\(count.conflicts) keys have results with other bits there; both are kept, "
                    + "bitlaw audit tells which of them your machine gives")
        }
        if missing > 0 {
            Output.line("\(missing) actions have no result yet: bitlaw run, then push again")
        }
    }
}

/// What push and pull print for programs.
enum SharingReport {
    static func json(_ count: TransferCount, remote: String, missing: Int, seconds: Double) -> JSON
    {
        [
            "remote": .string(remote), "results": .number(Double(count.results)),
            "blobs": .number(Double(count.blobs)), "bytes": .number(Double(count.bytes)),
            "present": .number(Double(count.present)), "refused": .number(Double(count.refused)),
            "conflicts": .number(Double(count.conflicts)), "missing": .number(Double(missing)),
            "seconds": .number((seconds * 1e3).rounded() / 1e3),
        ]
    }
}

extension RemoteConfiguration {
    /// Whether the remote is a folder that nothing stands at.
    fileprivate var isAbsentFolder: Bool {
        guard case .folder(let path) = address else { return false }
        return unsafe access(path, F_OK) != 0
    }
}
