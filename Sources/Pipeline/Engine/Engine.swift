package import Cache
import DequeModule
import Glibc

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

    var resolution: Resolution
    var states: [ActionState]
    /// How many producers of an action are not resolved yet.
    var missing: [Int32]
    var readers: Readers
    let wanted: [Bool]
    var ready: Deque<Int> = []
    var queue: Deque<(index: Int, document: KeyDocument)> = []
    var held: [(index: Int, document: KeyDocument)] = []
    var workers: [WorkerProcess] = []
    var attempts: [Int: Int] = [:]
    /// How often a damaged or lost output was asked for again.
    var remade: [Digest: Int] = [:]
    var damageNoted = 0
    var remotes = RemoteUse()
    /// The actions whose results came from a remote in this run.
    package internal(set) var fetched: [(index: Int, remote: String)] = []
    var isStopping = false
    private(set) lazy var history = DurationHistory(store: store, experiment: graph.experiment)
    let startedAt = Store.isoTime()

    /// Prepares a run; nothing happens yet.
    ///
    /// - Throws: ``TargetError`` for a target that names no action or stage.
    package init(
        graph: ActionGraph, store: Store, registry: KindRegistry, options: RunOptions,
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) throws {
        self.graph = graph
        self.store = store
        self.registry = registry
        self.options = options
        self.observe = observe
        resolution = Resolution(graph: graph, store: store, registry: registry)
        states = Array(repeating: .pending, count: graph.actions.count)
        wanted = try Targets.select(options.targets, in: graph)
        readers = Readers(graph)
        missing = readers.producerCounts
    }

    /// Runs until everything wanted is done, failed or skipped, or a signal comes.
    ///
    /// - Throws: ``StoreError`` when the store cannot be used any more; finished work is kept.
    package func run() throws -> RunSummary {
        let clock = ContinuousClock()
        let start = clock.now
        Interruption.listen()
        observe(.started(total: wanted.count { $0 }))
        for index in graph.actions.indices where wanted[index] && missing[index] == 0 {
            ready.append(index)
        }
        defer { endWorkers() }
        do {
            try loop()
        } catch {
            remotes.process = nil
            endWorkers()
            _ = try? record(seconds: (clock.now - start) / .seconds(1))
            throw error
        }
        reportRemotes()
        let seconds = (clock.now - start) / .seconds(1)
        return RunSummary(
            states: graph.actions.indices.filter { wanted[$0] }.map { states[$0] },
            keys: resolution.keys,
            isInterrupted: isStopping && Interruption.requests > 0, seconds: seconds,
            run: try record(seconds: seconds))
    }

    /// Whether an action is part of the run.
    package func isWanted(_ index: Int) -> Bool { wanted[index] }

    /// The outputs of an action that is cached or ran.
    package func outputs(of index: Int) -> [ActionResult.Output] { resolution.outputs[index] }

    // MARK: The loop

    func loop() throws {
        while true {
            if Interruption.requests > 0 { stop() }
            if !isStopping {
                while let index = ready.popFirst() { try consider(index) }
                try takeHeld()
                try dispatch()
            }
            let isIdle = workers.allSatisfy { $0.action == nil }
            let isWaiting = !queue.isEmpty || !held.isEmpty || !remotes.waiting.isEmpty
            if isIdle && ready.isEmpty && (isStopping || !isWaiting) { return }
            try wait()
            observe(.tick)
        }
    }

    /// Looks an action up whose producers are all resolved.
    func consider(_ index: Int) throws {
        guard states[index] == .pending else { return }
        let document = try resolution.document(of: index)
        let layer = try resolution.lookUp(index, key: document.key)
        reportDamage()
        reportRefusals()
        if let layer {
            finish(index, .cached)
            observe(.cached(index, layer: layer))
        } else if try !ask(index, document) {
            queue.append((index, document))
        }
    }

    func finish(_ index: Int, _ state: ActionState) {
        states[index] = state
        for reader in readers.of(index) {
            missing[reader] -= 1
            if missing[reader] == 0 && wanted[reader] && states[reader] == .pending {
                ready.append(reader)
            }
        }
    }

    /// Looks again at actions that another process was executing.
    func takeHeld() throws {
        let again = held
        held = []
        for (index, document) in again where states[index] == .pending {
            if let layer = try resolution.lookUp(index, key: document.key) {
                finish(index, .cached)
                observe(.cached(index, layer: layer))
            } else {
                queue.append((index, document))
            }
        }
    }

    func dispatch() throws {
        while !queue.isEmpty {
            let worker: WorkerProcess
            if let idle = workers.first(where: { $0.action == nil }) {
                worker = idle
            } else if workers.count < max(1, options.jobs) {
                worker = try startWorker()
            } else {
                return
            }
            guard let (index, document) = queue.popFirst() else { return }
            guard states[index] == .pending else { continue }
            guard let lock = try store.tryLock(document.key) else {
                held.append((index, document))
                observe(.waiting(index))
                continue
            }
            // Another process may have finished it between the look-up and the lock.
            if let layer = try resolution.lookUp(index, key: document.key) {
                finish(index, .cached)
                observe(.cached(index, layer: layer))
                while let index = ready.popFirst() { try consider(index) }
                continue
            }
            try assign(index, document, lock, to: worker)
        }
    }

    func assign(
        _ index: Int, _ document: KeyDocument, _ lock: StoreLock, to worker: WorkerProcess
    ) throws {
        let action = graph.actions[index]
        let stage = graph.stage(of: action)
        var inputs: [String: [WorkerRequest.Input]] = [:]
        for input in action.inputs {
            inputs[input.port] = input.sources.map { source in
                switch source {
                case .file(let path):
                    WorkerRequest.Input(
                        producer: path, coordinates: [], digest: resolution.digest(of: source),
                        file: "\(graph.project)/\(path)")
                case .replay(_, let producer, let coordinates, _):
                    WorkerRequest.Input(
                        producer: producer, coordinates: coordinates,
                        digest: resolution.digest(of: source), file: graph.path(of: source))
                case .action(let producer, _):
                    WorkerRequest.Input(
                        producer: graph.actions[producer].name,
                        coordinates: graph.actions[producer].coordinates,
                        digest: resolution.digest(of: source), file: nil)
                }
            }
        }
        worker.action = index
        worker.limits = stage.limits
        worker.deadline = stage.limits.seconds.map { ContinuousClock.now + .seconds($0) }
        worker.kill = nil
        worker.lock = lock
        worker.document = document
        worker.send(
            WorkerRequest(
                kind: stage.kind.name, key: document.key,
                document: String(decoding: document.bytes, as: UTF8.self),
                parameters: action.parameters, seed: action.seed ?? 0, folder: worker.attempt.path,
                inputs: inputs
            ).json)
        observe(.running(index, expected: history.seconds(of: index, in: graph)))
    }

    func startWorker() throws -> WorkerProcess {
        var command = options.worker + ["--store", store.path]
        for layer in store.also { command += ["--also", layer] }
        if !store.isDurable { command.append("--volatile") }
        let worker = try WorkerProcess(
            command: command, attempt: try store.makeAttemptFolder(),
            environment: options.person.words([
                "PATH", "HOME", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE",
                "BITLAW_NUMERICS", "BITLAW_ISA", "BITLAW_CHECKPOINT_SECONDS",
            ]) + ["LC_ALL=C.UTF-8", "TZ=UTC", "OPENBLAS_NUM_THREADS=1"])
        workers.append(worker)
        return worker
    }

    func wait() throws {
        var descriptors = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
        let remoteOutput = remotes.process?.output
        if let remoteOutput {
            descriptors.append(pollfd(fd: remoteOutput, events: Int16(POLLIN), revents: 0))
        }
        let isLimited = workers.contains { $0.deadline != nil || $0.limits.memory != nil }
        let timeout: CInt = !held.isEmpty || isLimited ? 50 : 100
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), timeout)
        let hasAnswer = remoteOutput != nil && descriptors.last?.revents != 0
        for (descriptor, worker) in zip(descriptors, workers) where descriptor.revents != 0 {
            if let replies = worker.receive() {
                for reply in replies { try handle(reply, worker) }
            } else {
                try workerEnded(worker)
            }
        }
        if hasAnswer { try receiveFromRemotes() }
        if isLimited { enforceLimits() }
    }

    func reportDamage() {
        let damage = store.damage
        guard damage.count > damageNoted else { return }
        for entry in damage[damageNoted...] {
            observe(.warning("\(entry.path) was damaged (\(entry.reason)) and is set aside"))
        }
        damageNoted = damage.count
    }

    func record(seconds: Double) throws -> String? {
        try RunRecord.write(
            graph: graph, store: store, states: states, wanted: wanted, resolution: resolution,
            startedAt: startedAt, seconds: seconds, isInterrupted: isStopping,
            environment: options.environment)
    }
}
