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
        case .done(let outputs, let log, let seconds, let execution, let small):
            let kind = graph.stage(of: graph.actions[index]).kind
            let result = ActionResult(
                key: work.action.document.key, kind: kind.name, version: kind.version,
                outputs: outputs, log: log, seconds: seconds, madeAt: Store.isoTime(),
                execution: checked(execution, of: kind))
            try accept(result, small, of: work, from: worker)
        }
    }

    /// Takes what an attempt gave that ended well, and the small blobs that came with it.
    private func accept(
        _ result: ActionResult, _ small: [[UInt8]], of work: WorkerAssignment,
        from worker: WorkerProcess
    ) throws {
        let index = work.action.index
        let kind = graph.stage(of: graph.actions[index]).kind
        // It goes on with the same action where that is executed more than once.
        defer {
            if worker.work?.mark == work.mark {
                release(worker, isTidy: !kind.runsForeignProgram)
            }
        }
        let changed = try resolution.changedFiles(of: index)
        guard changed.isEmpty else {
            // What it kept may come from either of the two contents.
            removeCheckpoints(of: work.action.document.key)
            return fail(
                index,
                "\(changed.joined(separator: ", ")) changed while the action read it; "
                    + "the result is not kept, run again", keepLog(of: worker))
        }
        if let mistake = kind.mistake(of: result) {
            let reason = "the worker's answer is that of another action: \(mistake)"
            return fail(index, reason, keepLog(of: worker))
        }
        if let lack = lack(of: result, beside: small) {
            return fail(index, lack, keepLog(of: worker))
        }
        if isChecked(index) { try store.put(small) }
        switch look(at: result, of: index) {
        case .again: executeAgain(work, on: worker)
        case .fails(let reason):
            leaveNoCheckpoints(of: work)
            fail(index, reason, keepLog(of: worker))
        case .counts(let result):
            try keepTexts(of: index)
            publish(work, result, small)
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
