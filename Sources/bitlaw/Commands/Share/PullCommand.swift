import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Remotes
import Run
import System

/// Fetches results from a remote.
struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch an experiment's results, or those of a tag, from a remote.",
        discussion: """
            Results are checked against the remote's policy, blobs against their digests. `run` asks \
            the remotes of bitlaw.yaml by itself; pull fetches without running anything.

            EXAMPLE
              bitlaw pull pipelines/spiral.yaml --from lab --spot-check 2%
              bitlaw pull --tag paper-v1 --from https://cache.example.org/bitlaw
            """)

    @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String?

    @OptionGroup var chosen: TargetOptions

    @OptionGroup var setting: SettingOptions

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
        let project = try Consent.project(of: experiment ?? "./x")
        let share = try checkedShare()
        let remote = try Sharing.find(from, "--from", project: project)
        let most = try SizeArgument.bytes(maxSize)
        let graph = try experiment.map { try setting.load($0) }
        let store = try common.open(project: project)
        let slot = try Sharing.slot(remote, project: project, creating: false)
        if dryRun { return try showWhatIsThere(slot, graph, store, most: most) }
        let consent = try consent(toCheck: share ?? remote.spotCheck, graph, store)
        let session = RemoteSession(store: store, slots: [slot])
        let display = TransferDisplay("pulled", common)
        session.onProgress = { display.show($0) }
        let tally = PullTally(most: most ?? .max)
        if let graph {
            try pull(graph, store, session, tally)
        } else if let tag {
            try pull(tag: tag, slot, session, tally)
        }
        display.end()
        if let failure = session.failures[0] { throw failure.error }
        report(session.count, remote, tally, display.seconds)
        if let graph, !metaOnly {
            var options = RunOptions(
                jobs: Processors.count, worker: try WorkerStart.words(), person: .person,
                consent: consent)
            options.account = try Account.known()
            options.consent = consent
            let isSame = try FetchedCheck.run(
                tally.fetched.map { (index: $0, remote: remote.name) }, graph: graph, store: store,
                options: options, share: share, common)
            if !isSame { throw ExitCode(Code.difference) }
        }
        if !tally.refusals.isEmpty { throw ExitCode(Code.failed) }
    }

    /// What the spot check may do that comes after the pull; it is asked for before anything is fetched.
    private func consent(toCheck share: Double, _ graph: ActionGraph?, _ store: Store) throws
        -> RunConsent
    {
        guard let graph, share > 0, !metaOnly else { return .none }
        return try Consent.require(for: graph) {
            let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
            let wanted = try chosen.selection.wanted(in: graph)
            return graph.actions.indices.filter { index in
                // A spot check takes downloads as they are.
                if graph.pinnedSource(of: index) != nil { return false }
                if case .cached = plan.states[index] { return false }
                return wanted[index]
            }
        }
    }

    /// The share of `--spot-check`, once the arguments are found to agree with each other.
    private func checkedShare() throws -> Double? {
        let share = try spotCheck.map { text in
            guard let read = Percentage.read(text) else {
                throw UsageError(text: "--spot-check \(text): expected a share such as 2%")
            }
            return read
        }
        guard (experiment == nil) != (tag == nil) else {
            throw UsageError(text: "expected an experiment file, or --tag NAME, and not both")
        }
        guard experiment != nil || chosen.selection.isAll else {
            throw UsageError(text: "--where: expected an experiment file, whose axes it is about")
        }
        guard spotCheck == nil || (experiment != nil && !metaOnly && !dryRun) else {
            throw UsageError(
                text:
                    "--spot-check: expected an experiment file, which says what to make again, and "
                    + "not --tag, --meta-only or --dry-run")
        }
        return share
    }
}

// MARK: Fetching

extension PullCommand {
    private func pull(
        _ graph: ActionGraph, _ store: Store, _ session: RemoteSession, _ tally: PullTally
    ) throws {
        let pull = try Pull.run(
            graph: graph, store: store, registry: allKinds, session: session,
            targets: chosen.selection,
            blobs: !metaOnly, largestSource: tally.most, wanted: tally.isWanted)
        session.count.present = pull.present
        tally.missing = pull.unknown
        for item in pull.items {
            switch item.outcome {
            case .fetched: tally.fetched.append(item.action)
            case .absent: tally.missing += 1
            case .refused(_, let reason):
                tally.refusals.append((graph.actions[item.action].name, reason))
            }
        }
    }

    private func pull(
        tag: String, _ slot: RemoteSlot, _ session: RemoteSession, _ tally: PullTally
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
        try session.fetch(missing, blobs: !metaOnly, wanted: tally.isWanted) { key, outcome in
            switch outcome {
            case .fetched: break
            case .absent: tally.missing += 1
            case .refused(_, let reason): tally.refusals.append((key.short, reason))
            }
        }
        try session.store.put(list)
    }

    private func report(
        _ count: TransferCount, _ remote: RemoteConfiguration, _ tally: PullTally,
        _ seconds: Double
    ) {
        for line in tally.refusalLines { Output.error(line + "\n") }
        if common.json {
            Output.document(
                SharingReport.json(
                    count, remote: remote.name, missing: tally.absent, seconds: seconds), .pull)
        } else if !common.quiet {
            for line in tally.lines(count, remote: remote.name, seconds: seconds) {
                Output.line(line)
            }
        }
        if experiment == nil, remote.spotCheck > 0, count.results > 0, !common.quiet {
            Output.error(
                "note: what comes by a tag is not spot-checked, for a tag has no experiment\n"
                    + "  fix: bitlaw audit EXPERIMENT makes what you choose again\n")
        }
    }
}

// MARK: Looking

extension PullCommand {
    /// What `--dry-run` tells.
    private func showWhatIsThere(
        _ slot: RemoteSlot, _ graph: ActionGraph?, _ store: Store, most: Int?
    ) throws {
        let (asked, all) = try look(slot, graph, store)
        let found = all.filter { result in result.outputs.allSatisfy { $0.size <= most ?? .max } }
        var seen: Set<Digest> = []
        let bytes = found.flatMap { $0.outputs }.reduce(0) { sum, output in
            let isNew = seen.insert(output.digest).inserted && !store.contains(output.digest)
            return sum + (isNew ? output.size : 0)
        }
        if common.json {
            return Output.document(
                [
                    "asked": .number(Double(asked)), "results": .number(Double(found.count)),
                    "bytes": .number(Double(bytes)), "dryRun": true,
                ], .pullPreview)
        }
        Output.line(
            "would pull \(found.count) of "
                + counted(asked, "result that is missing here", "results that are missing here")
                + " (\(ByteCount.text(bytes))) from \(slot.remote.name)")
    }

    /// How many results were asked for, and those that the remote has.
    private func look(_ slot: RemoteSlot, _ graph: ActionGraph?, _ store: Store) throws
        -> (asked: Int, found: [ActionResult])
    {
        let session = RemoteSession(store: store, slots: [slot])
        var found: [ActionResult] = []
        var asked = 0
        if let graph {
            let pull = try Pull.look(
                graph: graph, store: store, registry: allKinds, session: session,
                targets: chosen.selection)
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
        return (asked, found)
    }
}
