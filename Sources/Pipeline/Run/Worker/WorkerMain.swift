import CSystem
import Canon
package import Experiment
import Glibc
package import LocalStore
import System

/// Serves actions, one JSON line each, until standard input ends: the command `bitlaw worker`.
///
/// - Returns: the exit code.
package func workerMain(registry: KindRegistry, store: Store) -> Int32 {
    _ = bitlaw_die_with_parent()
    _ = bitlaw_adopt_orphans()
    // Replies go through a descriptor of their own: what a stage prints reaches the log instead.
    let replies = dup(1)
    _ = fcntl(replies, F_SETFD, FD_CLOEXEC)
    dup2(2, 1)
    let worker = Worker(registry: registry, store: store, replies: replies)
    while let line = readLine(strippingNewline: true) {
        guard let json = try? JSON(parsing: line), let request = WorkerRequest(json: json) else {
            worker.answer(
                .failed(reason: "the engine sent a line that is no request", exitCode: nil))
            continue
        }
        worker.answer(worker.serve(request))
    }
    return 0
}

/// A blob that an input names and that no layer has a good copy of.
private struct MissingBlob: Error {
    let digest: Digest
}

/// A failure of the store while a stage used it: it ends the run, where any other is the action's own.
private struct StoreFailure: Error {
    let error: OperationalError

    /// Does what uses the store.
    static func mark<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as OperationalError {
            throw StoreFailure(error: error)
        }
    }
}

private struct Worker {
    let registry: KindRegistry
    let store: Store
    let replies: CInt

    func answer(_ reply: WorkerReply) {
        if !writeLine(reply.json, to: replies) { exit(1) }  // the engine is gone
    }

    /// Runs one action: log to a file of the attempt, outputs into the store.
    func serve(_ request: WorkerRequest) -> WorkerReply {
        let logPath = "\(request.folder)/.log"
        let log = unsafe open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
        if log >= 0 {
            dup2(log, 2)
            dup2(log, 1)
            close(log)
        }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            guard let stage = registry.stages[request.kind] else {
                return .failed(reason: "this worker knows no kind \(request.kind)", exitCode: nil)
            }
            let outputs = try run(stage, request)
            let seconds = (clock.now - start) / .seconds(1)
            var logDigest: Digest?
            if sizeOfFile(logPath) ?? 0 > 0 { logDigest = try store.put(fileAt: logPath).digest }
            return .done(outputs, log: logDigest, seconds: (seconds * 1e6).rounded() / 1e6)
        } catch let error as MissingBlob {
            return .missing(allMissing(request, first: error.digest))
        } catch let error as OperationalError {
            return .storeFailed(error)
        } catch let error as StoreFailure {
            return .storeFailed(error.error)
        } catch let error as CommandFailure {
            return .failed(
                reason: error.description, exitCode: error.status > 0 ? Int(error.status) : nil)
        } catch {
            return .failed(reason: "\(error)", exitCode: nil)
        }
    }

    /// Every input without a good copy, so that one repair mends them all.
    private func allMissing(_ request: WorkerRequest, first: Digest) -> [Digest] {
        let inputs = request.inputs.values.flatMap { $0 }.filter { $0.file == nil }
        let others = Set(inputs.map { $0.digest }).subtracting([first]).sorted { $0.hex < $1.hex }
        return [first] + others.filter { (try? store.bytes(of: $0)) == nil }
    }

    private func run(_ stage: any Stage.Type, _ request: WorkerRequest) throws
        -> [ActionResult.Output]
    {
        guard try store.put(Array(request.document.utf8)) == request.key else {
            throw ActionFailure(description: "the key document does not hash to the key")
        }
        if stage.kind.usesProfile {
            let asked = (try? JSON(parsing: request.document))?["profile"]?.text ?? "none"
            let found = try registry.profile()
            guard asked == found else {
                throw ActionFailure(
                    description:
                        "numerics profile: the key says \(asked), this worker computes with "
                        + "\(found)\n  fix: start the worker with the same BITLAW_NUMERICS, and for "
                        + "blas with the same OpenBLAS, as the run")
            }
        }
        if stage.kind.isMeasurement {
            let asked = (try? JSON(parsing: request.document))?["machine"]?.text ?? "none"
            guard asked == registry.machine else {
                throw ActionFailure(
                    description:
                        "a measurement for another machine: the key says \(asked), this is "
                        + "\(registry.machine)\n  fix: measure in a run that starts on this machine"
                )
            }
        }
        let folder = request.folder + "/work"
        try makeEmptyFolder(folder)
        var lastReport = ContinuousClock.now - .seconds(1)
        var lastState = ContinuousClock.now
        let interval = secondsBetweenStates
        let context = StageContext(
            kind: stage.kind, parameters: Parameters(checked: request.parameters),
            seed: request.seed, folder: folder, inputs: stageInputs(request),
            report: { progress in
                let now = ContinuousClock.now
                guard now - lastReport > .milliseconds(100) else { return }
                lastReport = now
                answer(.progress(progress))
            },
            emit: { line in
                let bytes = Array((line + "\n").utf8)
                _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
            }, kept: { store.checkpoint(for: request.key) },
            keep: { state in
                let now = ContinuousClock.now
                guard now - lastState > .seconds(interval) else { return }
                lastState = now
                // A state that cannot be kept costs time after a kill, nothing else.
                try? store.keepCheckpoint(state(), for: request.key)
            })
        defer { ChildProcess.endLeftovers() }
        do {
            try stage.run(context)
        } catch let error as OperationalError {
            // The store's own failures come as ``StoreFailure``: this one is the action's.
            throw ActionFailure(description: error.description)
        }
        ChildProcess.endLeftovers()
        var outputs: [ActionResult.Output] = []
        for port in stage.kind.outputs {
            guard let path = context.outputs[port.name], unsafe access(path, F_OK) == 0 else {
                throw ActionFailure(
                    description: "the stage ended well, but made no output `\(port.name)`")
            }
            let (digest, size) = try store.put(fileAt: path)
            outputs.append(ActionResult.Output(name: port.name, digest: digest, size: size))
        }
        return outputs
    }

    /// 20, or what `BITLAW_CHECKPOINT_SECONDS` says.
    private var secondsBetweenStates: Double {
        let text = unsafe getenv("BITLAW_CHECKPOINT_SECONDS").map { unsafe String(cString: $0) }
        return text.flatMap { Double($0) } ?? 20
    }

    private func stageInputs(_ request: WorkerRequest) -> [String: [StageInput]] {
        let store = store
        let folder = request.folder
        return Dictionary(
            uniqueKeysWithValues: request.inputs.map { port, list in
                (
                    port,
                    list.enumerated().map { number, input in
                        let place = "\(folder)/in/\(port)-\(number)"
                        let digest = input.digest
                        if let file = input.file {
                            return StageInput(
                                producer: input.producer, coordinates: input.coordinates,
                                digest: digest,
                                read: {
                                    let bytes = try readRequiredFile(file)
                                    guard Digest(of: bytes.span) == digest else {
                                        throw ActionFailure(
                                            description: "\(file): changed while the run read it")
                                    }
                                    return bytes
                                }, place: { file })
                        }
                        return StageInput(
                            producer: input.producer, coordinates: input.coordinates,
                            digest: digest,
                            read: {
                                guard
                                    let bytes = try StoreFailure.mark({
                                        try store.bytes(of: digest)
                                    })
                                else {
                                    throw MissingBlob(digest: digest)
                                }
                                return bytes
                            },
                            place: {
                                if unsafe access(place, F_OK) == 0 { return place }
                                try makeFolder("\(folder)/in")
                                guard
                                    try StoreFailure.mark({ try store.restore(digest, to: place) })
                                else {
                                    throw MissingBlob(digest: digest)
                                }
                                return place
                            })
                    }
                )
            })
    }
}
