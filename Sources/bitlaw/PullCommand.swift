import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Fetches results from a remote.
struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch an experiment's results, or those of a tag, from a remote.",
        discussion: """
            Results are checked against the remote's policy, blobs against their digests. `run` asks
            the remotes of bitlaw.yaml by itself; pull fetches without running anything.

            EXAMPLE
              bitlaw pull pipelines/spiral.yaml --from lab --spot-check 2%
              bitlaw pull --tag paper-v1 --from https://cache.example.org/bitlaw
            """)

    @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String?

    @Argument(help: "Actions or stages, with what they need (default: all).")
    var targets: [String] = []

    @OptionGroup var common: StoreOptions

    @Option(name: .long, help: "A remote's name, a folder, an address, or rclone:REMOTE:PATH.")
    var from: String?

    @Option(name: .long, help: "Fetch the results of this tag instead of an experiment's.")
    var tag: String?

    @Option(name: .long, help: "Leave out results with a larger output, such as 100MB.")
    var maxSize: String?

    @Flag(name: .long, help: "Only results, signatures and keys, no outputs and logs.")
    var metaOnly = false

    @Option(name: .long, help: "Make this share of what was fetched again and compare, such as 2%.")
    var spotCheck: String?

    @Flag(name: [.customShort("n"), .long], help: "Only say what is there.")
    var dryRun = false

    func run() throws {
        try common.enter()
        let project = ProjectFolder.of(experiment ?? "./x")
        var share: Double?
        if let spotCheck {
            guard let read = Percentage.read(spotCheck) else {
                throw UsageError(text: "--spot-check \(spotCheck): expected a share such as 2%")
            }
            share = read
        }
        guard (experiment == nil) != (tag == nil) else {
            throw UsageError(text: "expected an experiment file, or --tag NAME, and not both")
        }
        guard spotCheck == nil || (experiment != nil && !metaOnly && !dryRun) else {
            throw UsageError(
                text:
                    "--spot-check: expected an experiment file, which says what to make again, and "
                    + "not --tag, --meta-only or --dry-run")
        }
        let remote = try Sharing.find(from, "--from", project: project)
        let most = try maxSize.map { text in
            guard let bytes = ByteCount.read(text) else {
                throw UsageError(text: "--max-size \(text): expected a size such as 100MB")
            }
            return bytes
        }
        let graph = try experiment.map {
            try ExperimentLoader.load(path: $0, registry: allKinds)
        }
        let store = try common.open(project: project)
        let slot = try Sharing.slot(remote, project: project, creating: false)
        if dryRun {
            try showWhatIsThere(slot, graph, store, most: most)
            return
        }
        let session = RemoteSession(store: store, slots: [slot])
        let display = TransferDisplay("pulled", common)
        session.onProgress = { display.show($0) }
        var refusals: [(name: String, reason: String)] = []
        var absent = 0
        var fetched: [(index: Int, remote: String)] = []
        var leftOut = 0
        func isWanted(_ result: ActionResult) -> Bool {
            let isSmall = result.outputs.allSatisfy { $0.size <= most ?? .max }
            if !isSmall { leftOut += 1 }
            return isSmall
        }
        if let graph {
            let pull = try Pull.run(
                graph: graph, store: store, registry: allKinds, session: session,
                targets: targets, blobs: !metaOnly, largestSource: most ?? .max,
                wanted: isWanted)
            session.count.present = pull.present
            absent = pull.unknown
            for item in pull.items {
                let name = graph.actions[item.action].name
                switch item.outcome {
                case .fetched: fetched.append((item.action, remote.name))
                case .absent: absent += 1
                case .refused(_, let reason): refusals.append((name, reason))
                }
            }
        } else if let tag {
            try pullTag(tag, slot, session, isWanted, &refusals, &absent)
        }
        absent -= leftOut
        display.end()
        if let failure = session.failures[0] { throw failure.error }
        report(session.count, remote.name, refusals, absent, display.seconds)
        if leftOut > 0 && !common.json && !common.quiet {
            Output.line("\(leftOut) results have an output beyond --max-size and stay there")
        }
        if graph == nil, remote.spotCheck > 0, session.count.results > 0, !common.quiet {
            Output.error(
                "note: what comes by a tag is not spot-checked, for a tag has no experiment\n"
                    + "  fix: bitlaw audit EXPERIMENT makes what you choose again\n")
        }
        if let graph, !metaOnly {
            let jobs = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
            let isSame = try Sharing.spotCheck(
                fetched, graph: graph, store: store,
                options: RunOptions(jobs: jobs, worker: try WorkerStart.words(), person: .person),
                share: share, common)
            if !isSame { throw ExitCode(Code.difference) }
        }
        if !refusals.isEmpty { throw ExitCode(Code.failed) }
    }

    private func pullTag(
        _ tag: String, _ slot: RemoteSlot, _ session: RemoteSession,
        _ isWanted: (ActionResult) -> Bool, _ refusals: inout [(name: String, reason: String)],
        _ absent: inout Int
    ) throws {
        guard isSafeName(tag), let list = try slot.remote.tag(tag) else {
            throw UsageError(
                text: "--tag \(tag): remote \(slot.remote.name) has no such tag\n"
                    + "  fix: bitlaw push EXPERIMENT --tag \(tag) makes it")
        }
        var missing: [Digest] = []
        for key in list.keys {
            let found = try session.store.result(for: key)?.result
            let isWhole = found?.outputs.allSatisfy { session.store.contains($0.digest) } ?? false
            if isWhole { session.count.present += 1 } else { missing.append(key) }
        }
        try session.fetch(missing, blobs: !metaOnly, wanted: isWanted) { key, outcome in
            switch outcome {
            case .fetched: break
            case .absent: absent += 1
            case .refused(_, let reason): refusals.append((key.short, reason))
            }
        }
        try session.store.put(list)
    }

    private func showWhatIsThere(
        _ slot: RemoteSlot, _ graph: ActionGraph?, _ store: Store, most: Int?
    ) throws {
        let session = RemoteSession(store: store, slots: [slot])
        var found: [ActionResult] = []
        var asked = 0
        if let graph {
            let pull = try Pull.look(
                graph: graph, store: store, registry: allKinds, session: session, targets: targets)
            asked = pull.items.count + pull.unknown
            for item in pull.items {
                if case .fetched(let result, _) = item.outcome { found.append(result) }
            }
        } else if let tag {
            let keys = isSafeName(tag) ? try slot.remote.tag(tag)?.keys ?? [] : []
            asked = keys.count
            try session.look(keys) { _, outcome in
                if case .fetched(let result, _) = outcome { found.append(result) }
            }
        }
        if let failure = session.failures[0] { throw failure.error }
        found.removeAll { result in result.outputs.contains { $0.size > most ?? .max } }
        var seen: Set<Digest> = []
        let bytes = found.flatMap { $0.outputs }.reduce(0) { sum, output in
            let isNew = seen.insert(output.digest).inserted && !store.contains(output.digest)
            return sum + (isNew ? output.size : 0)
        }
        if common.json {
            Output.line(
                JSON.object([
                    "asked": .number(Double(asked)), "results": .number(Double(found.count)),
                    "bytes": .number(Double(bytes)), "dryRun": true,
                ]).canonicalText)
            return
        }
        Output.line(
            "would pull \(found.count) of \(asked) results that are missing here "
                + "(\(ByteCount.text(bytes))) from \(slot.remote.name)")
    }

    private func report(
        _ count: TransferCount, _ remote: String, _ refusals: [(name: String, reason: String)],
        _ absent: Int, _ seconds: Double
    ) {
        for refusal in refusals.prefix(20) {
            Output.error("refused: \(refusal.name): \(refusal.reason)\n")
        }
        if refusals.count > 20 { Output.error("refused: \(refusals.count - 20) more\n") }
        if common.json {
            Output.line(
                SharingReport.json(count, remote: remote, missing: absent, seconds: seconds)
                    .canonicalText)
            return
        }
        if common.quiet { return }
        Output.line(
            "pulled \(count.results) results and \(count.blobs) blobs "
                + "(\(ByteCount.text(count.bytes))) from \(remote) in \(Duration.text(seconds))")
        if count.present > 0 { Output.line("\(count.present) results were here already") }
        if absent > 0 { Output.line("\(absent) results are not there: bitlaw run makes them") }
        if count.conflicts > 0 {
            Output.line(
                "\(count.conflicts) keys have results with other bits; both are kept, see bitlaw why"
            )
        }
    }
}
