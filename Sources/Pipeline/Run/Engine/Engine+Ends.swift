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
        let log = tail(of: worker)
        worker.release()
        let (reason, exitCode) = end(of: work, code)
        guard let reason else { return }  // it stays pending: the next run goes on with it
        if !retry(index, exitCode: exitCode, reason) { fail(index, told(reason, of: index), log) }
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
        let log = tail(of: worker)
        store.removeCheckpoint(for: work.action.document.key)
        worker.release()
        if work.kill == nil { fail(index, text, log) }
    }

    /// Why a worker ended within an action, and the exit code by which `retry` knows it; no reason for one
    /// that was asked to stop.
    private func end(of work: WorkerAssignment, _ code: CInt) -> (reason: String?, exitCode: Int) {
        let stage = graph.stage(of: graph.actions[work.action.index]).name
        switch work.kill {
        case .stop: return (nil, Retry.exitCode(ofStatus: code))
        case .time(let seconds):
            return (
                "stopped after \(seconds) s, its limit; raise `limits: {time: …}` of stage "
                    + "`\(stage)`", Retry.timeCode
            )
        case .memory(let limit, let used):
            return (
                "stopped at \(used) bytes of memory, its limit is \(limit); raise "
                    + "`limits: {memory: …}` of stage `\(stage)`", Retry.memoryCode
            )
        case nil:
            let how =
                code < 0
                ? "was killed by signal \(-code)\(code == -SIGKILL ? " (out of memory?)" : "")"
                : "ended with exit code \(code)"
            return (
                "the worker \(how) before the action was done", Retry.exitCode(ofStatus: code)
            )
        }
    }

    func enforceLimits() {
        let now = ContinuousClock.now
        for worker in workers {
            guard let work = worker.work, work.kill == nil else { continue }
            if let deadline = work.deadline, now >= deadline {
                worker.work?.kill = .time(work.limits.seconds ?? 0)
                worker.terminate()
            } else if let limit = work.limits.memory {
                tellIfHidden(worker, work)
                let used = ProcessTree.memory(of: worker.id)
                if used > limit {
                    worker.work?.kill = .memory(limit: limit, used: used)
                    worker.terminate()
                }
            }
        }
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
            for worker in workers where worker.work != nil {
                worker.work?.kill = .stop
                worker.terminate(SIGTERM)
            }
        } else if Interruption.requests > 1 {
            for worker in workers { worker.terminate() }
        }
    }

    func endWorkers() {
        for worker in workers {
            worker.terminate()
            _ = worker.reap()
            worker.release()
            worker.attempt.remove()
        }
        workers = []
        copies?.remove()
        copies = nil
    }

    /// The last lines of what a running action wrote.
    func tail(of worker: WorkerProcess) -> String {
        let log = try? PlainFile.open("\(worker.attempt.path)/.log", followingLinks: false)
        guard let bytes = try? log?.end(4096) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n").suffix(20).joined(separator: "\n")
    }
}

extension WorkerProcess {
    /// Makes the worker idle: its attempt's files are gone, and others may execute the action.
    func release() {
        attempt.clear()
        work = nil
    }
}
