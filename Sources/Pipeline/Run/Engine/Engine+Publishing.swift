import Canon
import Experiment
import LocalStore
import Remotes
import System
import Trust

/// Results on their way into the store.
extension Engine {
    /// What an answer names and the store has not; a result is published only where all is there.
    ///
    /// Small blobs come with the answer.
    func lack(of result: ActionResult, beside small: [[UInt8]]) -> String? {
        let sizes = Dictionary(
            small.map { (Digest(of: $0.span), $0.count) }, uniquingKeysWith: { first, _ in first })
        let fix = "\n  fix: run again; bitlaw verify tells whether the store loses what is written"
        for output in result.outputs
        where (sizes[output.digest] ?? (try? store.size(of: output.digest))) != output.size {
            return "its worker stored output `\(output.name)`, but the store has no blob "
                + "\(output.digest.short) of \(output.size) bytes: something removed or replaced it"
                + fix
        }
        for output in result.outputs
        where (output.isTree || sizes[output.digest] == nil)
            && !((try? store.contains(output)) ?? false)
        {
            return
                "its worker stored output `\(output.name)`, but the store has not all files of the "
                + "folder \(output.digest.short): something removed or replaced them" + fix
        }
        guard let log = result.log, sizes[log] == nil, !store.contains(log) else { return nil }
        return
            "its worker stored the log, but the store has no blob \(log.short): something removed it"
            + fix
    }

    /// Lets a result be published together with those of other actions that end now.
    func publish(_ work: WorkerAssignment, _ made: ActionResult, _ small: [[UInt8]]) {
        var signature: DSSEEnvelope.Signature?
        if !store.trust(ofLayer: 0).takesAny, let signer = options.signer {
            signature = made.signature(by: signer)
        }
        let kind = graph.stage(of: graph.actions[work.action.index]).kind
        finished.add(
            FinishedAction(
                index: work.action.index,
                isAwaited: kind.runsForeignProgram || made.seconds >= FinishedAction.short,
                result: made.claimed(by: options.account),
                blobs: small + [work.action.document.bytes], signature: signature, lock: work.lock))
    }

    /// Takes the results that are published by now; with `waiting` all that are to be.
    func takePublished(waiting: Bool = false) throws {
        if waiting { finished.begin() }
        while let group = try finished.take(waiting: waiting) {
            for (action, publication) in group { try finish(action, publication) }
            if waiting { finished.begin() }
        }
    }

    /// Ends an action whose result is published.
    private func finish(_ action: FinishedAction, _ publication: Publication) throws {
        let (index, result) = (action.index, action.result)
        if let outcome = again.close(index, result) {
            // The stored result stays the one that counts; other bits are kept beside it.
            resolution.resolve(index, outcome.stored)
        } else {
            try resolve(index, publication, result)
            resolution.believe(result)
        }
        // Not before: an engine that is killed here would begin a long training anew.
        removeCheckpoints(of: result.key)
        store.removeLog(for: result.key)
        schedule.finish(index, .ran)
        observe(.finished(index, seconds: result.seconds))
    }

    /// Forgets all that an action could go on from.
    func removeCheckpoints(of key: Digest) {
        store.removeCheckpoint(for: key)
        store.removeCheckpointFolder(for: key)
    }

    private func resolve(_ index: Int, _ publication: Publication, _ result: ActionResult) throws {
        if options.believed != nil { return resolution.resolve(index, result) }
        switch publication {
        case .stored, .alreadyThere: resolution.resolve(index, result)
        case .conflict(let first): try resolve(index, result, besides: first)
        }
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
        guard try store.isWhole(first) else {
            observe(
                .warning(
                    "\(name): the store held a result with other bits for this key, and these are "
                        + "gone. The new result is used; both are kept. fix: bitlaw why shows both")
            )
            return resolution.resolve(index, result)
        }
        observe(
            .warning(
                "\(name): the same key gave other bits than before; both results are kept. fix: "
                    + "bitlaw audit shows which outputs differ; the kind \(result.kind) is not "
                    + "deterministic here"))
        resolution.resolve(index, first)
    }
}
