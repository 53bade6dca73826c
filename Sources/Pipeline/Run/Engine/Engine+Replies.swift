import Canon
import Experiment
import Glibc
import LocalStore
import Remotes
import System

/// What workers answer.
extension Engine {
    /// Takes what arrived from a worker; nothing counts but an answer to what this worker was asked.
    func takeAnswers(of worker: WorkerProcess) throws {
        switch worker.receive() {
        case .end: try workerEnded(worker)
        case .stranger(let process): refuse(.writer(process), from: worker)
        case .lines(let lines):
            for line in lines {
                do {
                    guard let reply = try worker.read(line) else { continue }
                    if worker.work?.kill == nil {
                        try handle(reply, worker)
                    } else if reply.isLast {
                        // It was asked to end, and did: what it says of that is not the cause.
                        worker.terminate()
                    }
                } catch let breach as ChannelBreach {
                    return refuse(breach, from: worker)
                }
            }
        }
    }

    private func handle(_ reply: WorkerReply, _ worker: WorkerProcess) throws {
        guard let work = worker.work else { return }
        let index = work.action.index
        switch reply {
        case .progress(let progress): observe(.progress(index, progress))
        case .remark(let text):
            remarks.add(text, of: index, stage: graph.stage(of: graph.actions[index]).name)
        case .storeFailed(let error):
            release(worker)
            throw error
        case .missing(let digests):
            release(worker)
            makeAgain(digests, for: index)
        case .failed(let reason, let end):
            let log = keepLog(of: worker)
            let told = told(reason, of: index)
            if end == .signal(Int(SIGTERM)), isBeingEnded() { return release(worker) }
            leaveNoCheckpoints(of: work)
            release(worker)
            if !retry(index, after: end, reason) { fail(index, told + hint(for: index, log), log) }
        case .done(let outputs, let log, let seconds, let execution):
            // It goes on with the same action where that is executed more than once.
            defer { if worker.work?.mark == work.mark { release(worker) } }
            let changed = try resolution.changedFiles(of: index)
            guard changed.isEmpty else {
                // What it kept may come from either of the two contents.
                removeCheckpoints(of: work.action.document.key)
                fail(
                    index,
                    "\(changed.joined(separator: ", ")) changed while the action read it; "
                        + "the result is not kept, run again", keepLog(of: worker))
                return
            }
            let kind = graph.stage(of: graph.actions[index]).kind
            let result = ActionResult(
                key: work.action.document.key, kind: kind.name, version: kind.version,
                outputs: outputs, log: log, seconds: seconds, madeAt: Store.isoTime(),
                execution: checked(execution, of: kind))
            if let mistake = kind.mistake(of: result) {
                let reason = "the worker's answer is that of another action: \(mistake)"
                return fail(index, reason, keepLog(of: worker))
            }
            if let lack = lack(of: outputs, log) { return fail(index, lack, keepLog(of: worker)) }
            switch look(at: result, of: index) {
            case .again: executeAgain(work, on: worker)
            case .fails(let reason):
                leaveNoCheckpoints(of: work)
                fail(index, reason, keepLog(of: worker))
            case .counts(let result):
                try keepTexts(of: index)
                try publish(index, result)
            }
        }
    }

    /// Lets a worker execute the action once more that it has executed, to check the result.
    private func executeAgain(_ work: WorkerAssignment, on worker: WorkerProcess) {
        let isSecond = resultChecks.turn(of: work.action.index) == .second
        let reason =
            isSecond
            ? "a second time, to compare the bits" : "from nothing, to be killed in its middle"
        observe(.retrying(work.action.index, reason: reason))
        worker.attempt.clear()
        use.giveBack(Resources(work.limits), work.gpus)
        assign(work.action, work.lock, to: worker)
    }

    /// What a worker said of how it executed, with what only the engine knows.
    private func checked(_ said: ActionResult.Execution, of kind: Kind) -> ActionResult.Execution {
        guard kind.runsForeignProgram else {
            return ActionResult.Execution(isResumed: said.isResumed)
        }
        var checked = said
        checked.isConfined = options.consent.confinesPrograms
        return checked
    }

    /// What an answer names and the store has not; a result is published only where all is there.
    private func lack(of outputs: [ActionResult.Output], _ log: Digest?) -> String? {
        let fix = "\n  fix: run again; bitlaw verify tells whether the store loses what is written"
        for output in outputs where (try? store.size(of: output.digest)) != output.size {
            return "its worker stored output `\(output.name)`, but the store has no blob "
                + "\(output.digest.short) of \(output.size) bytes: something removed or replaced it"
                + fix
        }
        for output in outputs where !((try? store.contains(output)) ?? false) {
            return
                "its worker stored output `\(output.name)`, but the store has not all files of the "
                + "folder \(output.digest.short): something removed or replaced them" + fix
        }
        guard let log, !store.contains(log) else { return nil }
        return
            "its worker stored the log, but the store has no blob \(log.short): something removed it"
            + fix
    }

    private func publish(_ index: Int, _ made: ActionResult) throws {
        if !store.trust(ofLayer: 0).takesAny, let signer = options.signer,
            let signature = made.signature(by: signer)
        {
            try store.add(signatures: [signature], of: made)
        }
        let result = made.claimed(by: options.account)
        if let outcome = again.close(index, result) {
            // The stored result stays the one that counts; other bits are kept beside it.
            try keep(result)
            resolution.resolve(index, outcome.stored)
        } else {
            try resolve(index, try keep(result), result)
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

    /// Makes a result known; one that says the same and came from elsewhere is this account's from now on.
    @discardableResult
    private func keep(_ result: ActionResult) throws -> Publication {
        let publication = try store.publish(result, made: true)
        if publication == .alreadyThere, let account = options.account {
            try store.claim([result], by: account)
        }
        return publication
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

    /// Blobs that an action reads are damaged: their producers are executed again, then the reader.
    private func makeAgain(_ digests: [Digest], for index: Int) {
        store.forgetWholeTrees()
        for digest in digests {
            let producer = producer(of: digest, for: index)
            guard let producer, repeats.mayRemake(digest) else {
                fail(
                    index,
                    "its input \(digest.short) has no good copy, though its producer was executed "
                        + "again twice; the disk under \(store.path) loses what is written to it. "
                        + "fix: bitlaw verify, then another --store", "")
                return
            }
            if schedule.takeBack(producer) {
                observe(
                    .remade(
                        producer,
                        reason: "its stored output \(digest.short) was damaged or is gone"))
            }
        }
    }

    /// The action whose output a blob is that another reads, or a file of its output that is a folder.
    private func producer(of digest: Digest, for index: Int) -> Int? {
        for source in resolution.action(index).inputs.flatMap({ $0.sources }) {
            guard case .action(let producer, _) = source else { continue }
            let content = resolution.content(of: source)
            if content.digest == digest { return producer }
            if content.isTree, let files = try? store.files(ofTree: content.digest),
                files.contains(digest)
            {
                return producer
            }
        }
        return nil
    }

    /// Whether a failed attempt is repeated, as the rule of its stage says.
    func retry(_ index: Int, after end: AttemptEnd?, _ reason: String) -> Bool {
        let rule = graph.stage(of: graph.actions[index]).rules.retry
        guard !isStopping,
            handOn(index, rule, after: end) ?? repeats.mayRetry(index, rule, after: end)
        else { return false }
        var text = "\(reason); attempt \(attempts(of: index) + 1) of \(rule.times + 1)"
        if rule.memoryFactor > 1, let memory = limits(of: index).memory {
            text += " with \(ByteCount.text(memory)) of memory"
        }
        observe(.retrying(index, reason: text))
        schedule.repeatAttempt(index)
        return true
    }

    func fail(_ index: Int, _ reason: String, _ log: String) {
        if let part = options.cluster, part.duty != nil, let key = resolution.keys[index] {
            part.folder?.noteFailure(of: key, ClusterFolder.Failure(reason: reason, log: log))
        }
        settle(index, reason, log)
    }

    /// Ends an action that failed, here or elsewhere in its run.
    func settle(_ index: Int, _ reason: String, _ log: String) {
        resultChecks.giveUp(index)
        let skipped = schedule.fail(index)
        observe(.failed(index, reason: reason, log: log))
        for reader in skipped { observe(.skipped(reader, because: index)) }
        if options.failsFast { stop() }
    }
}
