import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// What the commands that speak to remotes share.
enum Sharing {
    /// The command that fetches missing results for a run; empty where no remote is to be asked.
    static func transferCommand(project: String) throws -> [String] {
        let configuration = try ProjectConfiguration.load(project: project)
        if configuration.readRemotes.isEmpty { return [] }
        return ["/proc/self/exe", "transfer", "--project", project]
    }

    /// The remote of a name, path or address; without one, the only remote of the project.
    static func find(_ name: String?, _ option: String, project: String) throws
        -> RemoteConfiguration
    {
        let configuration = try ProjectConfiguration.load(project: project)
        guard let name else {
            guard configuration.remotes.count == 1 else {
                let names = configuration.remotes.map { $0.name }
                throw UsageError(
                    text: names.isEmpty
                        ? "no remote is configured\n  fix: \(option) PATH-OR-URL, or `remotes:` in "
                            + "bitlaw.yaml"
                        : "several remotes are configured: \(names.joined(separator: ", "))\n"
                            + "  fix: \(option) \(names[0])")
            }
            return configuration.remotes[0]
        }
        if let remote = configuration.remotes.first(where: { $0.name == name }) { return remote }
        let isThere = unsafe access(name, F_OK) == 0
        let authority = name.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        guard !name.hasPrefix("http") || !authority.contains("@") else {
            throw UsageError(
                text: "\(option): the address has a name or password in it, which everyone on this "
                    + "machine can read from the command line\n  fix: put the credentials into "
                    + "~/.netrc, or name the remote in bitlaw.yaml with token: or password:")
        }
        guard isThere || name.contains("/") || name.contains(":") else {
            let names = configuration.remotes.map { $0.name }
            throw UsageError(
                text: "\(option) \(name): no remote of this name, and no such folder\n"
                    + "  expected: \((names + ["a path", "an address"]).joined(separator: ", "))")
        }
        let given = RemoteConfiguration(given: name, project: project)
        // Whatever a remote is called by, its rule and its credentials hold.
        return configuration.remotes.first { isSamePlace($0.address, given.address) } ?? given
    }

    /// Whether two addresses mean the same place.
    private static func isSamePlace(
        _ one: RemoteConfiguration.Address, _ two: RemoteConfiguration.Address
    ) -> Bool {
        func bare(_ text: String) -> Substring {
            var text = text[...]
            while text.last == "/" { text.removeLast() }
            return text
        }
        switch (one, two) {
        case (.folder(let one), .folder(let two)):
            return ProjectFolder.real(one) == ProjectFolder.real(two)
        case (.url(let one), .url(let two)): return bare(one) == bare(two)
        case (.rclone(let one), .rclone(let two)): return bare(one) == bare(two)
        default: return false
        }
    }

    /// A remote with its policy.
    static func slot(_ remote: RemoteConfiguration, project: String, creating: Bool) throws
        -> RemoteSlot
    {
        let configuration = try ProjectConfiguration.load(project: project)
        let policy =
            remote.trust == .any
            ? .any : try remote.trust.policy(try KeyStore(), configuration.keys)
        return RemoteSlot(
            try remote.open(creating: creating, for: .person), trust: policy,
            largestBlob: remote.largestBlob)
    }

    /// Every key that counts here: the person's own, those that they trust, and the project's.
    static func knownKeys(_ keys: KeyStore, project: String) throws -> [VerifyingKey] {
        let configuration = try ProjectConfiguration.load(project: project)
        return Set(Array(keys.trusted.values) + Array(configuration.keys.values))
            .filter { !keys.isRevoked($0) }.sorted { $0.id < $1.id }
    }

    /// Remotes that open; what is in the way of the others is said once.
    static func slots(_ remotes: [RemoteConfiguration], project: String) throws -> [RemoteSlot] {
        try remotes.compactMap { remote in
            do {
                return try slot(remote, project: project, creating: false)
            } catch let error as StoreError where error.code == .remote {
                Output.error("warning: \(error); going on without it\n")
                return nil
            }
        }
    }

    /// Makes a share of what came from remotes again, where their configuration asks for it.
    ///
    /// - Returns: whether all of it came out the same.
    static func spotCheck(
        _ fetched: [(index: Int, remote: String)], graph: ActionGraph, store: Store,
        options: RunOptions, share given: Double? = nil, _ common: StoreOptions
    ) throws -> Bool {
        if fetched.isEmpty { return true }
        let configuration = try ProjectConfiguration.load(project: graph.project)
        func share(_ remote: String) -> Double {
            given ?? configuration.remotes.first { $0.name == remote }?.spotCheck ?? 0
        }
        if fetched.allSatisfy({ share($0.remote) == 0 }) { return true }
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        // A download proves itself by its digest, and a measurement comes out otherwise each time.
        let fetched = fetched.filter {
            let kind = graph.stage(of: graph.actions[$0.index]).kind
            return kind.name != SourceFetch.kind.name && !kind.isMeasurement
        }
        var chosen: [Int] = []
        for remote in Set(fetched.map { $0.remote }).sorted() {
            let actions = fetched.filter { $0.remote == remote }.compactMap { item in
                plan.keys[item.index].map { (index: item.index, key: $0) }
            }
            chosen += SpotCheck.sample(
                actions, share: share(remote), salt: UInt64.random(in: 0 ... .max))
        }
        if chosen.isEmpty { return true }
        let profile =
            graph.stages.contains { $0.kind.usesProfile } ? try allKinds.profile() : nil
        let folder = try ScratchFolder(store)
        defer { folder.remove() }
        var options = options
        (options.transfer, options.targets) = ([], [])
        let report = try Audit(
            graph: graph, store: store, registry: allKinds, formats: StandardFormats(),
            expected: ResultList(plan: plan, graph: graph, profile: profile, origin: store.path),
            options: AuditOptions(
                selection: .named(chosen.map { graph.actions[$0].name }), isEachAlone: true,
                scratch: folder.path, run: options), observe: { _ in }
        ).run(seconds: plan.seconds)
        let bad = report.actions.filter { $0.verdict == .different || $0.verdict == .failed }
        for action in bad {
            let remote = fetched.first { graph.actions[$0.index].name == action.name }?.remote
            Output.error(
                "spot check: \(action.name), fetched from \(remote ?? "a remote"):\n"
                    + action.lines.map { "  \($0)\n" }.joined())
        }
        try keep(bad, of: folder, in: store)
        if !common.quiet && !common.json {
            Output.line(
                "spot check: \(chosen.count) of \(fetched.count) fetched results made again, "
                    + (bad.isEmpty
                        ? "every output bit-identical"
                        : "\(bad.count) of them differ; both results are kept, see bitlaw why"))
        }
        return bad.isEmpty
    }

    /// Keeps what a spot check made beside the results that it contradicts.
    private static func keep(
        _ actions: [AuditReport.Action], of folder: ScratchFolder, in store: Store
    ) throws {
        if actions.isEmpty || store.isReadOnly { return }
        let fresh = try Store.open("\(folder.path)/store", creating: false)
        for action in actions {
            guard let key = action.foundKey, let result = try fresh.result(for: key)?.result else {
                continue
            }
            for output in result.outputs {
                let file = "\(folder.path)/kept"
                if try fresh.restore(output.digest, to: file) { try store.put(fileAt: file) }
            }
            try store.publish(result)
        }
    }
}

/// Progress of a transfer on standard error: a line that is redrawn on a terminal, nothing elsewhere.
final class TransferDisplay {
    private var line: TransferLine
    private let isLive: Bool
    private var isDrawn = false

    init(_ verb: String, _ common: StoreOptions) {
        line = TransferLine(verb, start: ContinuousClock.now)
        isLive = !common.quiet && !common.json && isatty(2) == 1
    }

    /// Shows how far it is.
    func show(_ count: TransferCount) {
        guard isLive, let text = line.next(count, at: ContinuousClock.now) else { return }
        Output.error("\r\u{1B}[K\(text)")
        isDrawn = true
    }

    /// Takes the line away.
    func end() {
        if isDrawn { Output.error("\r\u{1B}[K") }
        isDrawn = false
    }

    /// Seconds so far.
    var seconds: Double { line.seconds(at: ContinuousClock.now) }
}

/// Fetches for a run; started by it.
struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Fetch results from remotes for a run.",
        shouldDisplay: false)

    @Option var store: String
    @Option var project: String

    func run() throws {
        let configuration = try ProjectConfiguration.load(project: project)
        let opened = try Store.open(
            store,
            trust: configuration.trust == .any
                ? [] : [try configuration.trust.policy(try KeyStore(), configuration.keys)],
            creating: false)
        let code = transferMain(store: opened) {
            try Sharing.slots(configuration.readRemotes, project: project)
        }
        throw ExitCode(code)
    }
}
