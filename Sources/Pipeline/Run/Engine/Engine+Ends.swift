import Canon
import Experiment
import Glibc
import LocalStore
import System

/// Ends: of workers, of what runs past its limits, of the run.
extension Engine {
    func workerEnded(_ worker: WorkerProcess) throws {
        let code = worker.reap()
        workers.removeAll { $0 === worker }
        defer { worker.attempt.remove() }
        guard let work = worker.work else { return }
        let index = work.action.index
        let log = keepLog(of: worker)
        if work.kill == .check {
            release(worker)
            return goOn(index)
        }
        let cause = end(of: work, code)
        let text = cause.map { told($0.0, of: index) } ?? ""
        leaveNoCheckpoints(of: work)
        release(worker)
        // One that was asked to stop stays pending: the next run goes on with it.
        guard let cause else { return }
        if !retry(index, after: cause.1, cause.0) { fail(index, text, log) }
    }

    /// Ends a worker in whose channel something else spoke: the attempt fails, and is not repeated.
    func refuse(_ breach: ChannelBreach, from worker: WorkerProcess) {
        worker.terminate()
        _ = worker.reap()
        workers.removeAll { $0 === worker }
        defer { worker.attempt.remove() }
        guard let index = worker.last else { return }
        let text = breach.text(stage: graph.stage(of: graph.actions[index]).name)
        breaches[index] = text
        guard let work = worker.work else {
            return observe(.warning("\(graph.actions[index].name): \(text)"))
        }
        let log = keepLog(of: worker)
        removeCheckpoints(of: work.action.document.key)
        release(worker)
        if work.kill == nil || work.kill == .check { fail(index, text, log) }
    }

    /// Why a worker ended within an action, and the end by which `retry` knows it; `nil` for one that was
    /// asked to stop.
    private func end(of work: WorkerAssignment, _ code: CInt) -> (String, AttemptEnd?)? {
        let stage = graph.stage(of: graph.actions[work.action.index]).name
        switch work.kill {
        case .stop, .check: return nil
        case .time(let seconds):
            return (
                "stopped after \(seconds) s, its limit; raise `limits: {time: …}` of stage "
                    + "`\(stage)`", .time
            )
        case .memory(let limit, let used):
            return (
                "stopped at \(ByteCount.text(used)) of memory, its limit is \(ByteCount.text(limit)); raise "
                    + "`limits: {memory: …}` of stage `\(stage)`", .memory
            )
        case nil where code == -SIGTERM && isBeingEnded(): return nil
        case nil where code < 0:
            let isShort = code == -SIGKILL && OutOfMemoryKills.count > work.killsBefore
            let why = isShort ? ": the kernel kills when the machine has no memory left" : ""
            return (
                "the worker was killed by \(SignalName.text(-code)) before the action was done\(why)",
                AttemptEnd(status: code, isMemoryShort: isShort)
            )
        case nil:
            // Its own exit code is none of the program's.
            return ("the worker ended with exit code \(code) before the action was done", nil)
        }
    }

    func enforceLimits() {
        let now = ContinuousClock.now
        for worker in workers {
            guard let work = worker.work else { continue }
            if let time = work.killTime, now >= time {
                worker.work?.killTime = nil
                worker.terminate()
            }
            if work.kill != nil { continue }
            if let deadline = work.deadline, now >= deadline {
                ask(worker, to: .time(work.limits.seconds ?? 0))
            } else if isInMiddle(work, now) {
                ask(worker, to: .check)
            } else if let limit = work.limits.memory {
                tellIfHidden(worker, work)
                let used = ProcessTree.memory(of: worker.id)
                if used > limit {
                    // At once: who has no memory left cannot end well either.
                    worker.work?.kill = .memory(limit: limit, used: used)
                    worker.terminate()
                }
            }
        }
    }

    /// Asks a worker to end; what has not ended when its grace is over is killed.
    private func ask(_ worker: WorkerProcess, to kill: WorkerProcess.Kill) {
        guard let work = worker.work else { return }
        let rules = graph.stage(of: graph.actions[work.action.index]).rules
        worker.work?.kill = kill
        worker.work?.killTime = ContinuousClock.now + .seconds(rules.grace)
        worker.ask()
    }

    /// Says once where the memory of workers cannot be seen, so that its limit does not hold.
    private func tellIfHidden(_ worker: WorkerProcess, _ work: WorkerAssignment) {
        guard !isBlind, unsafe access("/proc/\(worker.id)", F_OK) != 0 else { return }
        isBlind = true
        let stage = graph.stage(of: graph.actions[work.action.index]).name
        observe(
            .warning(
                "stage `\(stage)`: the limit of its memory counts its programs alone, for /proc does not "
                    + "show workers here. fix: mount /proc without hidepid, or use ulimit -v"))
    }

    func stop() {
        if !isStopping {
            isStopping = true
            for worker in workers where worker.work?.kill == nil { ask(worker, to: .stop) }
        } else if Interruption.requests > 1, options.cluster?.duty == nil {
            // A pilot may be told more than once, by its scheduler and by people: the grace holds.
            for worker in workers { worker.terminate() }
        }
    }

    func endWorkers() {
        for worker in workers {
            worker.terminate()
            _ = worker.reap()
            release(worker)
            worker.attempt.remove()
        }
        workers = []
        copies?.remove()
        copies = nil
    }

    /// Keeps the log of an attempt that gave no result with the description of its key, and gives its last
    /// lines.
    func keepLog(of worker: WorkerProcess) -> String {
        let folder = worker.attempt.path
        let end = String(decoding: LogParts.end(folder, count: 4096), as: UTF8.self)
        if let work = worker.work {
            // Without it the last lines are all that is known: no reason to end the run.
            try? store.keepLog(of: worker.attempt, for: work.action.document.key)
            _ = try? store.put(work.action.document.bytes)
        }
        return end.split(separator: "\n").suffix(20).joined(separator: "\n")
    }
}

extension WorkerProcess {
    /// Forgets the action, and removes its attempt's files where the worker did not.
    func release(isTidy: Bool) {
        if isTidy { attempt.rest() } else { attempt.clear() }
        work = nil
    }
}
