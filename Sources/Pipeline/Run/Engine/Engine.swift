import Canon
package import Experiment
import Glibc
package import LocalStore
import System
import Trust

/// Executes a graph: one thread, a poll loop, workers.
///
/// Actions are looked up as soon as their inputs are known; what has no result is executed once
/// among all the processes that share the store. Bits never depend on the number of workers.
package final class Engine {
    let graph: ActionGraph
    let store: Store
    let registry: KindRegistry
    let options: RunOptions
    let observe: (RunEvent) -> Void

    /// Keys and outputs, as they become known.
    var resolution: Resolution
    /// What became of each action, and which can be looked at.
    var schedule: Schedule
    /// What the run may do with each action.
    let selected: SelectedActions
    /// What is executed again, and what came out.
    var again = ForcedRepeats()
    /// What is executed more than once before it is published.
    var resultChecks = ResultChecks()
    /// What has no result in the store.
    var backlog = Backlog()
    var repeats = Repeats()
    var remotes = RemoteUse()
    var news = StoreNews()
    var remarks = RunRemarks()
    var workers: [WorkerProcess] = []
    /// What ended well, and is not published yet.
    let finished: ResultGroups
    /// The folder of copies that workers share, once there are any.
    var copies: AttemptFolder?
    /// What running actions hold of the machine.
    var use: MachineUse
    /// Whether the memory of workers cannot be seen.
    var isBlind = false
    /// The actions in whose worker's channel something else spoke, and what.
    package internal(set) var breaches: [Int: String] = [:]
    /// The actions whose results came from a remote in this run.
    package private(set) var fetched: [(index: Int, remote: String)] = []
    /// Whether nothing is begun any more.
    var isStopping = false
    /// Who executes actions, where this engine executes none.
    package var delegate: (any ActionDelegate)?
    /// The actions that were executed elsewhere for this run.
    var executedElsewhere: Set<Int> = []
    /// How often other engines of a run on a cluster tried actions.
    var notedAttempts: [Digest: Int] = [:]
    /// When the notes of the other engines are read next.
    var nextNotes: ContinuousClock.Instant?
    /// When a pilot last had something to do.
    var lastBusy: ContinuousClock.Instant?
    /// When a pilot next asks whether anything may come.
    var nextRollCall = ContinuousClock.now
    /// Why a pilot left before everything was done.
    package private(set) var leaving: String?
    private lazy var history = DurationHistory(store: store, experiment: graph.experiment)
    private let startedAt = Store.isoTime()
    /// What is kept of the run if it is killed.
    private lazy var journal = RunJournal(
        store, experiment: graph.experiment, file: ProjectFolder.name(of: graph.file),
        startedAt: startedAt)

    /// Prepares a run; nothing happens yet.
    ///
    /// - Throws: ``TargetError`` for a target that names no action or stage; ``MissingInputs`` where
    ///   something has no result that may not be executed.
    package init(
        graph: ActionGraph, store: Store, registry: KindRegistry, options: RunOptions,
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) throws {
        self.graph = graph
        self.store = store
        self.registry = registry
        self.options = options
        self.observe = observe
        finished = try ResultGroups(store, account: options.account)
        var selected = try options.selection.actions(of: graph)
        if selected.isOnly {
            try selected.requireInputs(
                try Plan.make(graph: graph, store: store, registry: registry), graph)
        }
        self.selected = selected
        use = MachineUse(jobs: options.jobs, options.machine)
        schedule = Schedule(graph, wanted: selected.wanted)
        resolution = Resolution(
            graph: graph, store: store, registry: registry, wanted: selected.wanted,
            check: options.check, believed: options.believed)
    }

    /// Runs until everything wanted is done, failed or skipped, or a signal comes.
    ///
    /// - Throws: ``OperationalError`` when the store cannot be used any more; finished work is kept.
    package func run() throws -> RunSummary {
        let clock = ContinuousClock()
        let start = clock.now
        Interruption.listen()
        Interruption.listen(true)
        defer { Interruption.listen(false) }
        observe(.started(total: schedule.wanted.count { $0 }))
        defer { endWorkers() }
        do {
            try loop()
        } catch {
            remotes.end()
            endWorkers()
            // What ended well is kept, where the store still takes it.
            try? takePublished(waiting: true)
            tellRemarks()
            _ = try? record(seconds: (clock.now - start) / .seconds(1), isBroken: true)
            throw error
        }
        tellRemarks()
        tellChangedTools()
        for warning in remotes.warnings { observe(.warning(warning)) }
        remotes.end()
        let seconds = (clock.now - start) / .seconds(1)
        return RunSummary(
            states: graph.actions.indices.filter { schedule.wanted[$0] }.map {
                schedule.states[$0]
            },
            keys: resolution.keys,
            isInterrupted: isStopping && Interruption.requests > 0, seconds: seconds,
            repeats: again.outcomes, elsewhere: madeElsewhere(),
            run: try record(seconds: seconds))
    }

    private func tellRemarks() {
        for text in remarks.take(name: { graph.actions[$0].name }) { observe(.warning(text)) }
    }

    /// Whether an action is part of the run.
    package func isWanted(_ index: Int) -> Bool { schedule.wanted[index] }

    /// The outputs of an action that is cached or ran.
    package func outputs(of index: Int) -> [ActionResult.Output] { resolution.outputs[index] }

    // MARK: The loop

    private func loop() throws {
        while true {
            takeNotes()
            try takePublished()
            if Interruption.requests > 0 { stop() }
            if !isStopping {
                try exchange()
                try considerReady()
                for action in backlog.takeHeld() where schedule.isPending(action.index) {
                    // Another process was executing it.
                    if try !takeResult(of: action) { enqueue(action) }
                }
                try dispatch()
            }
            let isIdle = finished.isEmpty && workers.allSatisfy { $0.work == nil }
            let isWaiting = schedule.hasReady || !backlog.isEmpty || remotes.isWaiting
            if isIdle && (isStopping || !isWaiting) { return }
            leaving = reasonToLeave()
            if leaving != nil { return }
            finished.begin()
            try wait()
            observe(.tick)
        }
    }

    /// Looks at every action whose producers all have results.
    private func considerReady() throws {
        while let index = schedule.nextReady() {
            guard begin(index), let document = try document(of: index) else { continue }
            let action = KeyedAction(index: index, document: document)
            if try beginAgain(action) { continue }
            if try takeResult(of: action) { continue }
            if try !ask(action) { enqueue(action) }
        }
    }

    /// The key document of an action; `nil` where a file that it reads cannot be read any more: then it
    /// has failed.
    private func document(of index: Int) throws -> KeyDocument? {
        do {
            return try resolution.document(of: index)
        } catch let error as OperationalError
            where [.missing, .permission, .malformed, .untrusted].contains(error.code)
        {
            fail(index, "\(error)", "")
            return nil
        }
    }

    /// Looks an action up; one that has a result is finished, and told of.
    ///
    /// - Returns: whether it has a result.
    func takeResult(of action: KeyedAction, from remote: String? = nil) throws -> Bool {
        if again.isOpen(action.index) { return false }
        let layer = try resolution.lookUp(action.index, key: action.document.key)
        for warning in news.warnings(of: store) { observe(.warning(warning)) }
        guard let layer else { return false }
        schedule.finish(action.index, .cached)
        journal.note(action.document.key)
        if executedElsewhere.contains(action.index) {
            schedule.note(action.index, .ran)
            if !store.isReadOnly { try journal.begin() }
            observe(.finished(action.index, seconds: seconds(of: action.index)))
        } else if let remote {
            fetched.append((action.index, remote))
            if !store.isReadOnly { try journal.begin() }
            observe(.fetched(action.index, remote: remote))
        } else {
            observe(.cached(action.index, layer: layer))
        }
        return true
    }

    /// Gives actions to workers, as far as there are both.
    private func dispatch() throws {
        while finished.hasRoom,
            let action = backlog.next(in: use.free, { Resources(limits(of: $0.index)) })
        {
            guard schedule.isPending(action.index) else { continue }
            if leaves(action.index) {
                backlog.hold(action)
                continue
            }
            if let reason = refusal(of: action.index) {
                fail(action.index, reason, "")
                continue
            }
            guard let lock = try store.tryLock(action.document.key) else {
                if backlog.hold(action) { observe(.waiting(action.index)) }
                continue
            }
            // Another process may have finished it between the look-up and the lock.
            if try takeResult(of: action) {
                try considerReady()
            } else if takeFailure(of: action) {
                continue
            } else if let worker = try idleWorker() {
                journal.note(action.document.key)
                try journal.begin()
                assign(action, lock, to: worker)
            } else {
                backlog.add(action)
                return
            }
        }
    }

    /// A worker without work, started where there may be one more; `nil` when all are busy.
    private func idleWorker() throws -> WorkerProcess? {
        if let idle = workers.first(where: { $0.work == nil }) { return idle }
        return workers.count < max(1, options.jobs) ? try startWorker() : nil
    }

    func assign(_ work: KeyedAction, _ lock: ActionLock, to worker: WorkerProcess) {
        let action = resolution.action(work.index)
        let stage = graph.stage(of: action)
        var inputs: [String: [WorkerRequest.Input]] = [:]
        for input in action.inputs {
            inputs[input.port] = input.sources.map { request($0, in: input, stage.kind) }
        }
        let hasShared = inputs.values.contains { $0.contains { $0.isShared } }
        let isConfined =
            stage.kind.runsForeignProgram && options.consent.confinesPrograms
        if copies == nil && (hasShared || isConfined) {
            copies = try? store.makeAttemptFolder()
        }
        let limits = limits(of: work.index)
        let gpus = use.take(Resources(limits))
        if beginsAnew(work.index) { removeCheckpoints(of: work.document.key) }
        var assignment = WorkerAssignment(work, limits: limits, gpus: gpus, lock: lock)
        assignment.middle = middle(of: work.index)
        worker.work = assignment
        worker.attempt.begin(work.document.key)
        worker.send(
            WorkerRequest(
                assignment.mark, kind: registry.executing(stage.kind),
                document: String(decoding: work.document.bytes, as: UTF8.self),
                parameters: ProgramParameters.of(action.parameters), seed: action.seed ?? 0,
                folder: worker.attempt.path, inputs: inputs,
                // Where the store is not believed, neither are the states that lie in it.
                stateKey: options.believed == nil
                    ? options.account?.stateKey(for: work.document.key) : nil,
                terms: AttemptTerms(
                    stage.rules, gpus: gpus, shared: copies?.path,
                    tools: resolution.tools[work.index] ?? ProgramTools(),
                    passed: passed(to: work.index))
            ).json)
        observe(.running(work.index, expected: history.seconds(of: work.index, in: graph)))
    }

    private func request(_ source: InputSource, in input: ActionInput, _ kind: Kind)
        -> WorkerRequest.Input
    {
        let content = resolution.content(of: source)
        var isShared = false
        if kind.runsForeignProgram, case .action(let index, _) = source {
            isShared = schedule.readerCount(of: index) > 1
        }
        let copied = resolution.copied(source)
        let (producer, output, coordinates): (String, String, [Coordinate]) =
            switch source {
            case .file(let path), .folder(let path, _): (path, "", [])
            case .replay(let copy): (copy.producer, copy.output, copy.coordinates)
            case .action(let index, let output):
                (graph.actions[index].name, output, graph.actions[index].coordinates)
            }
        // Our own kinds are told coordinates of one thing too; no program sees them.
        let isTold = input.isCollection || !kind.runsForeignProgram
        return WorkerRequest.Input(
            producer: producer, output: output, coordinates: isTold ? coordinates : nil,
            digest: content.digest, file: graph.path(of: source),
            name: graph.name(of: source, in: input),
            isTree: content.isTree, isExecutable: content.isExecutable,
            isShared: isShared || copied != nil, copied: copied)
    }

    private func startWorker() throws -> WorkerProcess {
        var command = options.worker + ["--store", store.path]
        for layer in store.also { command += ["--also", layer] }
        if !store.isDurable { command.append("--volatile") }
        for address in options.consent.addresses { command += ["--address", address] }
        if !options.consent.confinesPrograms { command.append("--unconfined") }
        let isShielded = options.cluster?.duty != nil
        if isShielded { command.append("--shielded") }
        let worker = try WorkerProcess(
            command: command, attempt: try store.makeAttemptFolder(),
            environment: options.person.words([
                "PATH", "HOME", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE",
                "BITLAW_NUMERICS", "BITLAW_ISA", "BITLAW_CHECKPOINT_SECONDS",
            ]) + ["LC_ALL=C.UTF-8", "TZ=UTC", "OPENBLAS_NUM_THREADS=1"],
            isOwn: options.worker.first == "/proc/self/exe", isShielded: isShielded)
        workers.append(worker)
        return worker
    }

    private func wait() throws {
        try journal.flush()
        let channels = workers.map { $0.channel } + [finished.descriptor]
        let remoteOutput = remotes.channel
        var descriptors = (channels + (remoteOutput.map { [$0] } ?? [])).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let isWatching = workers.contains { $0.work?.isWatched == true }
        // What is to be killed in its middle may be short.
        let isClose = workers.contains { $0.work?.isNearMiddle == true }
        let timeout: CInt = isClose ? 10 : isWatching ? 50 : min(100, untilNextLook)
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), timeout)
        let hasAnswer = remoteOutput != nil && descriptors.last?.revents != 0
        for (descriptor, worker) in zip(descriptors, workers) where descriptor.revents != 0 {
            try takeAnswers(of: worker)
        }
        if hasAnswer { try receiveFromRemotes() }
        if isWatching { enforceLimits() }
    }

    /// Milliseconds until something that another process executes is looked at again.
    private var untilNextLook: CInt {
        guard let next = backlog.nextLook else { return 100 }
        return CInt(max(1, min(100, (next - ContinuousClock.now) / .milliseconds(1))))
    }

    private func record(seconds: Double, isBroken: Bool = false) throws -> String? {
        let name = try RunRecord(
            graph: graph, resolution: resolution, states: schedule.states, wanted: schedule.wanted,
            lacking: schedule.lacking, repeats: again.byAction,
            checks: resultChecks.passed, startedAt: startedAt, seconds: seconds,
            isInterrupted: isStopping && Interruption.requests > 0, isBroken: isBroken,
            cluster: options.cluster.flatMap { part in
                part.duty?.json(ofRun: part.run) ?? delegate?.record
            }, isPilots: options.cluster?.duty != nil
        ).write(to: store, by: options.account) { options.environment(of: graph) }
        // Not before: without a record the notes are all that tells what is kept.
        journal.remove()
        return name
    }

    /// Asks the run of this process to stop, as Ctrl-C does.
    ///
    /// - Returns: whether there is a run.
    package static func interrupt() -> Bool { Interruption.request() }
}
