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

    private var resolution: Resolution
    private(set) var states: [ActionState]
    /// How many producers of an action are not resolved yet.
    private var missing: [Int32]
    private var readers: Readers
    private let wanted: [Bool]
    private var ready: Deque<Int> = []
    private var queue: Deque<(index: Int, document: KeyDocument)> = []
    private var held: [(index: Int, document: KeyDocument)] = []
    private var workers: [WorkerProcess] = []
    private var attempts: [Int: Int] = [:]
    private var damageNoted = 0
    private var isStopping = false
    private var expected: [String: Double] = [:]
    private let startedAt = Store.isoTime()

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
            endWorkers()
            _ = try? record(seconds: (clock.now - start) / .seconds(1))
            throw error
        }
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

    private func loop() throws {
        while true {
            if Interruption.requests > 0 { stop() }
            if !isStopping {
                while let index = ready.popFirst() { try consider(index) }
                try takeHeld()
                try dispatch()
            }
            let isIdle = workers.allSatisfy { $0.action == nil }
            if isIdle && ready.isEmpty && (isStopping || queue.isEmpty && held.isEmpty) { return }
            try wait()
            observe(.tick)
        }
    }

    /// Looks an action up whose producers are all resolved.
    private func consider(_ index: Int) throws {
        guard states[index] == .pending else { return }
        let document = try resolution.document(of: index)
        let layer = try resolution.lookUp(index, key: document.key)
        reportDamage()
        if let layer {
            finish(index, .cached)
            observe(.cached(index, layer: layer))
        } else {
            queue.append((index, document))
        }
    }

    private func finish(_ index: Int, _ state: ActionState) {
        states[index] = state
        for reader in readers.of(index) {
            missing[reader] -= 1
            if missing[reader] == 0 && wanted[reader] && states[reader] == .pending {
                ready.append(reader)
            }
        }
    }

    /// Looks again at actions that another process was executing.
    private func takeHeld() throws {
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

    private func dispatch() throws {
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

    private func assign(
        _ index: Int, _ document: KeyDocument, _ lock: StoreLock, to worker: WorkerProcess
    ) throws {
        let action = graph.actions[index]
        let stage = graph.stage(of: action)
        let attempt = try store.makeAttemptFolder()
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
        worker.attempt = attempt
        worker.lock = lock
        worker.document = document
        worker.send(
            WorkerRequest(
                kind: stage.kind.name, key: document.key,
                document: String(decoding: document.bytes, as: UTF8.self),
                parameters: action.parameters, seed: action.seed ?? 0, folder: attempt.path,
                inputs: inputs
            ).json)
        if expected.isEmpty {
            expected = RunHistory.seconds(in: store, experiment: graph.experiment)
        }
        observe(.running(index, expected: expected[stage.name]))
    }

    private func startWorker() throws -> WorkerProcess {
        var command = options.worker + ["--store", store.path]
        for layer in store.also { command += ["--also", layer] }
        let worker = try WorkerProcess(
            command: command,
            environment: ChildProcess.inherited([
                "PATH", "HOME", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE",
            ]) + ["LC_ALL=C.UTF-8", "TZ=UTC", "OPENBLAS_NUM_THREADS=1"])
        workers.append(worker)
        return worker
    }

    // MARK: Replies

    private func wait() throws {
        var descriptors = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
        let isLimited = workers.contains { $0.deadline != nil || $0.limits.memory != nil }
        let timeout: CInt = !held.isEmpty || isLimited ? 50 : 100
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), timeout)
        for (descriptor, worker) in zip(descriptors, workers) where descriptor.revents != 0 {
            if let replies = worker.receive() {
                for reply in replies { try handle(reply, worker) }
            } else {
                try workerEnded(worker)
            }
        }
        if isLimited { enforceLimits() }
    }

    private func handle(_ reply: WorkerReply, _ worker: WorkerProcess) throws {
        guard let index = worker.action else { return }
        switch reply {
        case .progress(let progress): observe(.progress(index, progress))
        case .storeFailed(let error):
            release(worker)
            throw error
        case .missing(let digest):
            release(worker)
            try makeAgain(digest, for: index)
        case .failed(let reason, let code):
            let log = tail(of: worker)
            release(worker)
            if !retry(index, exitCode: code, reason) { fail(index, reason, log) }
        case .done(let outputs, let log, let seconds):
            try publish(index, worker, outputs, log, seconds)
        }
    }

    private func publish(
        _ index: Int, _ worker: WorkerProcess, _ outputs: [ActionResult.Output], _ log: Digest?,
        _ seconds: Double
    ) throws {
        defer { release(worker) }
        guard let document = worker.document else { return }
        let changed = try resolution.changedFiles(of: index)
        guard changed.isEmpty else {
            fail(
                index,
                "\(changed.joined(separator: ", ")) changed while the action read it; "
                    + "the result is not kept, run again", tail(of: worker))
            return
        }
        let kind = graph.stage(of: graph.actions[index]).kind
        let result = ActionResult(
            key: document.key, kind: kind.name, version: kind.version, outputs: outputs, log: log,
            seconds: seconds, madeAt: Store.isoTime())
        switch try store.publish(result) {
        case .stored, .alreadyThere: resolution.resolve(index, result)
        case .conflict(let first):
            observe(
                .warning(
                    "\(graph.actions[index].name): the same key gave other bits than before; both "
                        + "results are kept. fix: bitlaw audit shows which outputs differ; the kind "
                        + "\(kind.name) is not deterministic here"))
            resolution.resolve(
                index, first.outputs.allSatisfy { store.contains($0.digest) } ? first : result)
        }
        finish(index, .ran)
        observe(.finished(index, seconds: seconds))
    }

    /// A blob that an action reads is damaged: its producer is executed again, then the reader.
    private func makeAgain(_ digest: Digest, for index: Int) throws {
        attempts[index, default: 0] += 1
        let sources = graph.actions[index].inputs.flatMap { $0.sources }
        guard (attempts[index] ?? 0) < 5,
            let source = sources.first(where: {
                if case .action = $0 { return resolution.digest(of: $0) == digest }
                return false
            }), case .action(let producer, _) = source
        else {
            fail(index, "the input \(digest) has no good copy and no recipe here", "")
            return
        }
        observe(
            .retrying(
                producer, reason: "its stored output \(digest.short) was damaged or is gone"))
        // A producer that waits already has told all its readers to wait again.
        if states[producer] != .pending {
            states[producer] = .pending
            for reader in readers.of(producer) { missing[reader] += 1 }
            ready.append(producer)
        }
    }

    private func retry(_ index: Int, exitCode: Int?, _ reason: String) -> Bool {
        let rule = graph.stage(of: graph.actions[index]).retry
        guard let exitCode, rule.exitCodes.contains(exitCode),
            attempts[index, default: 0] < rule.times, !isStopping
        else { return false }
        attempts[index, default: 0] += 1
        observe(.retrying(index, reason: reason))
        ready.append(index)
        return true
    }

    private func fail(_ index: Int, _ reason: String, _ log: String) {
        states[index] = .failed
        observe(.failed(index, reason: reason, log: log))
        var next = [index]
        while let failed = next.popLast() {
            for reader in readers.of(failed) where states[reader] == .pending && wanted[reader] {
                states[reader] = .skipped
                observe(.skipped(reader, because: index))
                next.append(reader)
            }
        }
        if options.failsFast { stop() }
    }

    // MARK: Ends

    private func workerEnded(_ worker: WorkerProcess) throws {
        let code = worker.reap()
        workers.removeAll { $0 === worker }
        guard let index = worker.action else { return }
        let log = tail(of: worker)
        let kill = worker.kill
        release(worker)
        switch kill {
        case .stop: states[index] = .pending
        case .time(let seconds):
            fail(
                index,
                "stopped after \(seconds) s, its limit; raise `limits: {time: …}` of stage "
                    + "`\(graph.stage(of: graph.actions[index]).name)`", log)
        case .memory(let limit, let used):
            fail(
                index,
                "stopped at \(used) bytes of memory, its limit is \(limit); raise "
                    + "`limits: {memory: …}` of stage "
                    + "`\(graph.stage(of: graph.actions[index]).name)`", log)
        case nil:
            let how =
                code < 0
                ? "was killed by signal \(-code)\(code == -SIGKILL ? " (out of memory?)" : "")"
                : "ended with exit code \(code)"
            fail(index, "the worker \(how) before the action was done", log)
        }
    }

    private func enforceLimits() {
        let now = ContinuousClock.now
        for worker in workers where worker.action != nil && worker.kill == nil {
            if let deadline = worker.deadline, now >= deadline {
                worker.kill = .time(worker.limits.seconds ?? 0)
                worker.terminate()
            } else if let limit = worker.limits.memory {
                let used = ProcessTree.memory(of: worker.id)
                if used > limit {
                    worker.kill = .memory(limit: limit, used: used)
                    worker.terminate()
                }
            }
        }
    }

    private func stop() {
        if !isStopping {
            isStopping = true
            for worker in workers where worker.action != nil {
                worker.kill = .stop
                worker.terminate(SIGTERM)
            }
        } else if Interruption.requests > 1 {
            for worker in workers { worker.terminate() }
        }
    }

    private func endWorkers() {
        for worker in workers {
            worker.terminate()
            _ = worker.reap()
            release(worker)
        }
        workers = []
    }

    private func release(_ worker: WorkerProcess) {
        worker.action = nil
        worker.deadline = nil
        worker.limits = Limits()
        worker.document = nil
        worker.attempt?.remove()
        worker.attempt = nil
        worker.lock = nil
    }

    /// The last lines of what a running action wrote.
    private func tail(of worker: WorkerProcess) -> String {
        guard let folder = worker.attempt?.path, let bytes = try? readWholeFile("\(folder)/.log")
        else { return "" }
        return String(decoding: bytes.suffix(4096), as: UTF8.self)
            .split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    private func reportDamage() {
        let damage = store.damage
        guard damage.count > damageNoted else { return }
        for entry in damage[damageNoted...] {
            observe(.warning("\(entry.path) was damaged (\(entry.reason)) and is set aside"))
        }
        damageNoted = damage.count
    }

    private func record(seconds: Double) throws -> String? {
        try RunRecord.write(
            graph: graph, store: store, states: states, wanted: wanted, resolution: resolution,
            startedAt: startedAt, seconds: seconds, isInterrupted: isStopping)
    }
}
