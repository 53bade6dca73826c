import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import Workbench

/// Runs what has no result yet.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an experiment: execute what has no result, take the rest from the store.",
        discussion: """
            Makes the named actions, with what they need. Ends by printing each fitted law, the claims \
            that did not hold, and the path of the report. Programs of a project start once you \
            approved them: `bitlaw trust`, or a word at the terminal when it asks.

            EXAMPLE
              bitlaw run pipelines/spiral.yaml -j 2
              bitlaw run pipelines/spiral.yaml 'train[samples>=1000, features=polar]'
              bitlaw run pipelines/spiral.yaml --where 'samples <= 1000'
              bitlaw run pipelines/spiral.yaml law --also /shared/colleague/.cache
              bitlaw run pipelines/spiral.yaml --only law         # its inputs have to be cached
              bitlaw run pipelines/spiral.yaml --force manifold   # once more: are the bits the same?
              bitlaw run pipelines/numpy.yaml --twice             # publishes only what comes out twice
              bitlaw run pipelines/spiral.yaml --on slurm         # the same results, made on a cluster
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var selected: SelectionOptions

    @OptionGroup var cluster: ClusterOptions

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

    @Flag(
        help:
            "Read and hash every stored output that is taken as cached; what is bad is executed again."
    )
    var verify = false

    @Flag(
        help: """
            Execute each new action that starts a program two times, and publish it only where the bits agree.
            """)
    var twice = false

    @Flag(
        help: """
            Execute again what a program made with other tools than those here (interpreter, processor \
            family, driver), and compare.
            """)
    var sameTools = false

    @Flag(help: "Open the page of the report at the end (with xdg-open).")
    var open = false

    func validate() throws {
        if keepGoing && failFast {
            throw ValidationError("expected --keep-going or --fail-fast, found both")
        }
    }

    func run() throws {
        let early = RunShortcut.ofPlainWords
        let shortcut = looksOnly ? early ?? RunShortcut(options) : nil
        if early == nil, let shortcut, shortcut.answer() { return }
        let (graph, store) = try opened(shortcut)
        let lock = locked ? try LockFile.required(for: graph.file) : nil
        if dryRun {
            if let idle = IdleOptions.ofPlan(self) { Output.error(idle + "\n") }
            try PlanListing.show(graph, store, selected.selection, options.common)
            return
        }
        if let jobs, jobs < 1 { throw UsageError(text: "--jobs \(jobs): expected 1 or more") }
        if !options.common.quiet { ExperimentRemarks(graph: graph).show() }
        let consent = try Consent.require(for: graph) { try executed(graph, store) }
        let runOptions = try runOptions(graph, store, consent)
        if let pilot = cluster.pilot { return try runAsPilot(pilot, graph, store, runOptions) }
        if let run = cluster.staged { return try runStaged(run, graph, store, runOptions) }
        if cluster.on != nil && (selected.force || sameTools) {
            throw UsageError(
                text:
                    "--on executes what has no result; expected no --force and no --same-tools beside it"
            )
        }
        let front = try cluster.on.map {
            try ClusterFront($0, cluster, graph, store)
        }
        if cluster.detach, let front {
            return try front.detach(try executed(graph, store), asJSON: options.common.json)
        }
        let (summary, results) = try whole(graph, store, runOptions, front, lock)
        if options.common.json {
            Output.document(results.json(summary), .runEvent)
        } else {
            let quiet = options.common.quiet
            let lines = results.lines(summary, of: options.experiment, quiet: quiet)
            lines.forEach(Output.line)
            if let engine = results.next?.engine {
                shortcut?.keep(graph, engine, summary, results, lines: lines, quiet: quiet)
            }
        }
        if open { openPages(results, graph) }
        if summary.isInterrupted { throw ExitCode(Code.interrupted) }
        let isSame = try FetchedCheck.run(
            results.fetched, graph: graph, store: store, options: runOptions, options.common)
        if !isSame { throw ExitCode(Code.difference) }
        if results.repeats.contains(where: { $0.isDifferent }) { throw ExitCode(Code.difference) }
        if summary.count(.failed) + summary.count(.skipped) > 0 { throw ExitCode(Code.failed) }
        if !results.unlocked.isEmpty { throw ExitCode(Code.difference) }
    }
}

extension RunCommand {
    /// Whether it only looks where everything is cached.
    private var looksOnly: Bool {
        let isAlone = cluster.on == nil && cluster.pilot == nil && cluster.staged == nil
        return isAlone
            && !(dryRun || locked || verify || twice || sameTools || open || selected.force)
    }

    /// Reads the experiment and opens its store, unless that is open.
    private func opened(_ shortcut: RunShortcut?) throws -> (graph: ActionGraph, store: Store) {
        guard let shortcut else { return try options.open() }
        return (try options.load(), shortcut.store)
    }

    /// Runs here, or watches the pilots of a run on a cluster, whose end is seen to in any case.
    private func whole(
        _ graph: ActionGraph, _ store: Store, _ options: RunOptions, _ front: ClusterFront?,
        _ lock: ResultList?
    ) throws -> (RunSummary, RunResults) {
        let display = try display(graph, store, front)
        var options = options
        options.cluster = front?.part
        if front == nil { try requireRoom(graph, store, options) }
        do {
            var (summary, results) = try once(graph, store, options, display, lock, front)
            // What the results are read from was damaged and is set aside now: made again at once.
            if results.isDamaged && !summary.isInterrupted {
                (summary, results) = try once(graph, store, options, display, lock, front)
            }
            try front?.end(isInterrupted: summary.isInterrupted)
            return (summary, results)
        } catch {
            try? front?.dispatch.end(kindly: true)
            throw error
        }
    }

    private var workers: Int { jobs ?? Processors.count }

    /// What the run would execute, as far as can be told before: a remote may still have its result.
    private func executed(_ graph: ActionGraph, _ store: Store) throws -> [Int] {
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let chosen = try selected.selection.actions(of: graph)
        let asksRemotes = try !Sharing.readRemotes(of: graph.project).isEmpty
        return graph.actions.indices.filter { index in
            // What remotes do not have of these is refused as it is to be downloaded.
            if asksRemotes && graph.pinnedSource(of: index) != nil { return false }
            let isCached = if case .cached = plan.states[index] { true } else { false }
            let isPrograms = graph.stage(of: graph.actions[index]).kind.runsForeignProgram
            return chosen.wanted[index] && chosen.mayRun(index)
                && (!isCached || chosen.repeated.contains(index) || sameTools && isPrograms)
        }
    }

    /// Refuses, before anything begins, what this machine could never execute.
    ///
    /// Where remotes are asked they may have it: then what they have not fails alone.
    private func requireRoom(_ graph: ActionGraph, _ store: Store, _ options: RunOptions) throws {
        func lacks(_ actions: [Int]) -> [String] {
            Engine.lacks(actions, in: graph, jobs: options.jobs, machine: options.machine)
        }
        if lacks(Array(graph.actions.indices)).isEmpty { return }
        guard try Sharing.readRemotes(of: graph.project).isEmpty else { return }
        let found = lacks(try executed(graph, store))
        if !found.isEmpty { throw UsageError(text: found.joined(separator: "\n")) }
    }

    private func openPages(_ results: RunResults, _ graph: ActionGraph) {
        for path in results.reports { Browser.open(path) }
        if results.reports.isEmpty {
            Output.error(
                "--open: the run gave no page\n"
                    + "  fix: mend what failed, or make one of what there is: "
                    + "bitlaw report \(graph.file) --open\n"
            )
        }
    }

    private func display(
        _ graph: ActionGraph, _ store: Store, _ front: ClusterFront?
    ) throws -> any RunDisplay {
        if options.common.json { return JSONDisplay(graph: graph) }
        if options.common.quiet { return QuietDisplay(graph: graph) }
        guard isatty(2) == 1 else {
            return PlainDisplay(graph: graph, isVerbose: options.common.verbose, store: store)
        }
        return LiveDisplay(
            graph: graph, wanted: try selected.selection.actions(of: graph).wanted,
            history: DurationHistory(store: store, experiment: graph.experiment),
            jobs: front.map { $0.executor.pilots * $0.executor.cpus } ?? workers)
    }

    /// How to run; where the store asks for signatures, with the person's key.
    private func runOptions(_ graph: ActionGraph, _ store: Store, _ consent: RunConsent) throws
        -> RunOptions
    {
        var runOptions = RunOptions(
            jobs: workers, failsFast: failFast, selection: selected.selection,
            worker: try WorkerStart.words(),
            transfer: try Sharing.transferCommand(project: graph.project, cluster.stageThrough),
            person: .person,
            consent: consent,
            environment: Environment.record(rememberedBy: store))
        if verify { runOptions.check = .bytes }
        if twice { runOptions.doubleCheck = .everyProgram }
        runOptions.formats = StandardFormats()
        runOptions.asksForSameTools = sameTools
        runOptions.account = store.isReadOnly ? nil : try Account.secret()
        let trust = store.trust(ofLayer: 0)
        if trust.takesAny { return runOptions }
        runOptions.signer = try KeyStore().signingKey()
        if runOptions.signer == nil {
            Output.error(
                "warning: \(store.path) asks for \(trust.text); you have no signing key, so these "
                    + "results will be recomputed next time\n  fix: bitlaw keys new NAME\n")
        }
        return runOptions
    }

    private func once(
        _ graph: ActionGraph, _ store: Store, _ options: RunOptions, _ display: any RunDisplay,
        _ lock: ResultList?, _ front: ClusterFront?
    ) throws -> (RunSummary, RunResults) {
        let engine = try Engine(graph: graph, store: store, registry: allKinds, options: options) {
            display.show($0)
        }
        engine.delegate = front?.dispatch
        defer { display.end() }
        let summary = try engine.run()
        var results = try RunResults.collect(graph, store, engine)
        results.fetched = engine.fetched
        results.idle = IdleOptions(self, graph, engine, summary).lines
        results.repeats = summary.repeats.map { outcome in
            let action = graph.actions[outcome.action]
            let stage = graph.stage(of: action)
            return RepeatedAction(
                name: action.name, kind: stage.kind,
                differences: OutputDifference.list(
                    stage, outcome.stored, outcome.found, in: store, formats: StandardFormats()),
                file: graph.file)
        }
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
        let isWhole = selected.selection.choice.isAll
        return ResultDifference.list(
            lock.only { wanted.contains($0) || isWhole && !known.contains($0) },
            try engine.results(), document: store.keyDocument)
    }
}
