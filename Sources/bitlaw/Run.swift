import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Runs what has no result yet.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an experiment: execute what has no result, take the rest from the store.",
        discussion: """
            Ends by printing each fitted law and the path of the report.

            EXAMPLE
              bitlaw run pipelines/spiral.yaml -j 2
              bitlaw run pipelines/spiral.yaml law --also /shared/colleague/.cache
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "Actions or stages to make, with what they need (default: all).")
    var targets: [String] = []

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: "How many workers (default: the CPUs).")
    var jobs: Int?

    @Flag(name: .shortAndLong, help: "After a failure go on with what does not need it (default).")
    var keepGoing = false

    @Flag(name: .long, help: "Stop at the first failure.")
    var failFast = false

    @Flag(name: [.customShort("n"), .long], help: "Only say what would run, like `bitlaw plan`.")
    var dryRun = false

    @Flag(help: "Fail with exit code 4 where a key or an output is not the one in FILE.lock.")
    var locked = false

    func run() throws {
        let (graph, store) = try options.open()
        let lock = locked ? try LockFile.required(for: graph.file) : nil
        if dryRun {
            try PlanCommand.show(graph, store, targets: targets, options.common)
            return
        }
        if let jobs, jobs < 1 { throw UsageError(text: "--jobs \(jobs): expected 1 or more") }
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let workers = jobs ?? processors
        let display: any RunDisplay
        if options.common.json {
            display = JSONDisplay(graph: graph)
        } else if options.common.quiet {
            display = QuietDisplay(graph: graph)
        } else if isatty(2) == 1 {
            display = LiveDisplay(
                graph: graph, wanted: try Targets.select(targets, in: graph),
                history: DurationHistory(store: store, experiment: graph.experiment), jobs: workers)
        } else {
            display = PlainDisplay(graph: graph, isVerbose: options.common.verbose, store: store)
        }
        var runOptions = RunOptions(
            jobs: workers, failsFast: failFast, targets: targets,
            worker: try WorkerStart.words(),
            transfer: try Sharing.transferCommand(project: graph.project), person: .person,
            environment: Environment.record(rememberedBy: store))
        if !store.trust(ofLayer: 0).takesAny {
            runOptions.signer = try KeyStore().signingKey()
            if runOptions.signer == nil {
                Output.error(
                    "warning: \(store.path) asks for \(store.trust(ofLayer: 0).text), and you have no "
                        + "key: what is executed now is executed again next time\n"
                        + "  fix: bitlaw keys new NAME\n")
            }
        }
        var (summary, results) = try once(graph, store, runOptions, display, lock)
        // What the results are read from was damaged and is set aside now: made again at once.
        if results.isDamaged && !summary.isInterrupted {
            (summary, results) = try once(graph, store, runOptions, display, lock)
        }
        if options.common.json {
            Output.line(results.json(summary).canonicalText)
        } else {
            results.print(summary, quiet: options.common.quiet)
        }
        if summary.isInterrupted { throw ExitCode(Code.interrupted) }
        let isSame = try Sharing.spotCheck(
            results.fetched, graph: graph, store: store, options: runOptions, options.common)
        if !isSame { throw ExitCode(Code.difference) }
        if summary.count(.failed) + summary.count(.skipped) > 0 { throw ExitCode(Code.failed) }
        if !results.unlocked.isEmpty { throw ExitCode(Code.difference) }
    }
}

extension Run {
    private func once(
        _ graph: ActionGraph, _ store: Store, _ options: RunOptions, _ display: any RunDisplay,
        _ lock: ResultList?
    ) throws -> (RunSummary, RunResults) {
        let engine = try Engine(graph: graph, store: store, registry: allKinds, options: options) {
            display.show($0)
        }
        defer { display.end() }
        let summary = try engine.run()
        var results = try RunResults.collect(graph, store, engine)
        results.fetched = engine.fetched
        if let lock { results.unlocked = try differences(from: lock, engine, graph, store) }
        return (summary, results)
    }

    /// What is not as the lock file says, among the actions of this run.
    private func differences(
        from lock: ResultList, _ engine: Engine, _ graph: ActionGraph, _ store: Store
    ) throws -> [ResultDifference] {
        var wanted: Set<String> = []
        for action in graph.actions where engine.isWanted(action.index) {
            let state = engine.state(of: action.index)
            if state == .cached || state == .ran { wanted.insert(action.name) }
        }
        let known = Set(graph.actions.map { $0.name })
        let isWhole = targets.isEmpty
        return ResultDifference.list(
            lock.only { wanted.contains($0) || isWhole && !known.contains($0) },
            try engine.results(), document: store.keyDocument)
    }
}

/// What a person wants at the end of a run: laws and reports.
struct RunResults {
    var laws: [(action: String, text: String)] = []
    var reports: [String] = []
    /// What came from remotes.
    var fetched: [(index: Int, remote: String)] = []
    /// Whether an output that is shown had no good copy.
    var isDamaged = false
    /// Actions that are not as the lock file says.
    var unlocked: [ResultDifference] = []

    /// Reads the laws, and puts the reports where a browser can open them.
    static func collect(_ graph: ActionGraph, _ store: Store, _ engine: Engine) throws -> RunResults
    {
        var results = RunResults()
        for action in graph.actions where engine.isWanted(action.index) {
            let kind = graph.stage(of: action).kind
            let outputs = engine.outputs(of: action.index)
            if kind.name == "law.fit", let law = outputs.first(where: { $0.name == "law" }) {
                if let bytes = try store.bytes(of: law.digest) {
                    let text = (try? JSON(parsing: bytes)).map(LawSummary.text) ?? "no law"
                    results.laws.append((action.name, text))
                } else {
                    results.isDamaged = true
                }
            }
            for port in kind.outputs where port.fileName == "report.html" {
                guard let output = outputs.first(where: { $0.name == port.name }) else { continue }
                let exporter = Exporter(store: store)
                let path = try exporter.exportIfGood(
                    output.digest, folder: try exporter.defaultFolder(graph),
                    name: Exporter.reportName(action, port, in: graph))
                if let path { results.reports.append(path) } else { results.isDamaged = true }
            }
        }
        return results
    }

    func print(_ summary: RunSummary, quiet: Bool) {
        if !quiet {
            var parts: [String] = []
            for state in [ActionState.ran, .cached, .failed, .skipped, .pending] {
                if summary.count(state) > 0 || state == .ran {
                    parts.append(
                        "\(summary.count(state)) \(state == .pending ? "not reached" : state.rawValue)"
                    )
                }
            }
            if !fetched.isEmpty { parts.append("\(fetched.count) of these from remotes") }
            Output.line("\(parts.joined(separator: ", ")) in \(Duration.text(summary.seconds))")
            if summary.isInterrupted {
                Output.line("interrupted; what finished is kept, the same command goes on")
            }
        }
        for (action, text) in laws { Output.line("\(action): \(text)") }
        for path in reports { Output.line("report: \(path)") }
        for difference in unlocked {
            for line in difference.lines { Output.line("not as locked: \(line)") }
        }
    }

    func json(_ summary: RunSummary) -> JSON {
        [
            "event": "summary", "ran": .number(Double(summary.count(.ran))),
            "cached": .number(Double(summary.count(.cached))),
            "fetched": .number(Double(fetched.count)),
            "failed": .number(Double(summary.count(.failed))),
            "skipped": .number(Double(summary.count(.skipped))),
            "pending": .number(Double(summary.count(.pending))),
            "interrupted": .bool(summary.isInterrupted), "seconds": .number(summary.seconds),
            "run": summary.run.map { .string($0) } ?? .null,
            "laws": .array(laws.map { ["action": .string($0.action), "text": .string($0.text)] }),
            "reports": .array(reports.map { .string($0) }),
            "unlocked": .array(unlocked.map { $0.json }),
        ]
    }
}
