import Canon
import Experiment
import LocalStore
import Remotes
import System

/// What workers answer.
extension Engine {
    func handle(_ reply: WorkerReply, _ worker: WorkerProcess) throws {
        // A worker that is being killed may still tell that its program was killed: not the cause.
        guard let index = worker.action, worker.kill == nil else { return }
        switch reply {
        case .progress(let progress): observe(.progress(index, progress))
        case .storeFailed(let error):
            release(worker)
            throw error
        case .missing(let digests):
            release(worker)
            makeAgain(digests, for: index)
        case .failed(let reason, let code):
            let log = tail(of: worker)
            release(worker)
            if !retry(index, exitCode: code, reason) { fail(index, reason, log) }
        case .done(let outputs, let log, let seconds):
            try publish(index, worker, outputs, log, seconds)
        }
    }

    func publish(
        _ index: Int, _ worker: WorkerProcess, _ outputs: [ActionResult.Output], _ log: Digest?,
        _ seconds: Double
    ) throws {
        defer { release(worker) }
        guard let document = worker.document else { return }
        let changed = try resolution.changedFiles(of: index)
        guard changed.isEmpty else {
            // What it kept may come from either of the two contents.
            store.removeCheckpoint(for: document.key)
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
        if !store.trust(ofLayer: 0).takesAny, let signer = options.signer,
            let signature = result.signature(by: signer)
        {
            try store.add(signatures: [signature], of: result)
        }
        switch try store.publish(result) {
        case .stored, .alreadyThere: resolution.resolve(index, result)
        case .conflict(let first): try resolve(index, result, besides: first)
        }
        // Not before: an engine that is killed here would begin a long training anew.
        store.removeCheckpoint(for: result.key)
        finish(index, .ran)
        observe(.finished(index, seconds: seconds))
    }

    /// Chooses between what was made now and what the store has had: the first, as every later run
    /// will, unless the store's policy does not let it be used.
    private func resolve(_ index: Int, _ result: ActionResult, besides first: ActionResult) throws {
        let name = graph.actions[index].name
        let policy = store.trust(ofLayer: 0)
        guard try policy.takesAny || policy.accepts(store.signed(first)) else {
            observe(
                .warning(
                    "\(name): the store holds a different result for this key, and its trust rule "
                        + "rejects it. The new result is used; both are kept. fix: bitlaw why shows both"
                ))
            return resolution.resolve(index, result)
        }
        observe(
            .warning(
                "\(name): the same key gave other bits than before; both results are kept. fix: "
                    + "bitlaw audit shows which outputs differ; the kind \(result.kind) is not "
                    + "deterministic here"))
        let isWhole = first.outputs.allSatisfy { store.contains($0.digest) }
        resolution.resolve(index, isWhole ? first : result)
    }

    /// Blobs that an action reads are damaged: their producers are executed again, then the reader.
    func makeAgain(_ digests: [Digest], for index: Int) {
        let sources = graph.actions[index].inputs.flatMap { $0.sources }
        for digest in digests {
            remade[digest, default: 0] += 1
            let producers = sources.compactMap { source -> Int? in
                guard case .action(let producer, _) = source else { return nil }
                return resolution.digest(of: source) == digest ? producer : nil
            }
            guard let producer = producers.first, (remade[digest] ?? 0) < 3 else {
                fail(
                    index,
                    "its input \(digest.short) has no good copy, though its producer was executed "
                        + "again twice; the disk under \(store.path) loses what is written to it. "
                        + "fix: bitlaw verify, then another --store", "")
                return
            }
            // A producer that waits already has told all its readers to wait again.
            guard states[producer] != .pending else { continue }
            observe(
                .remade(
                    producer, reason: "its stored output \(digest.short) was damaged or is gone"))
            states[producer] = .pending
            for reader in readers.of(producer) { missing[reader] += 1 }
            ready.append(producer)
        }
    }

    func retry(_ index: Int, exitCode: Int?, _ reason: String) -> Bool {
        let rule = graph.stage(of: graph.actions[index]).retry
        guard let exitCode, rule.exitCodes.contains(exitCode),
            attempts[index, default: 0] < rule.times, !isStopping
        else { return false }
        attempts[index, default: 0] += 1
        observe(.retrying(index, reason: reason))
        ready.append(index)
        return true
    }

    func fail(_ index: Int, _ reason: String, _ log: String) {
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
}
