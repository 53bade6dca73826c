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

    func enforceLimits() {
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

    func stop() {
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

    func endWorkers() {
        for worker in workers {
            worker.terminate()
            _ = worker.reap()
            release(worker)
            worker.attempt.remove()
        }
        workers = []
    }

    func release(_ worker: WorkerProcess) {
        worker.action = nil
        worker.deadline = nil
        worker.limits = Limits()
        worker.document = nil
        worker.attempt.clear()
        worker.lock = nil
    }

    /// The last lines of what a running action wrote.
    func tail(of worker: WorkerProcess) -> String {
        guard let bytes = try? readWholeFile("\(worker.attempt.path)/.log") else { return "" }
        return String(decoding: bytes.suffix(4096), as: UTF8.self)
            .split(separator: "\n").suffix(20).joined(separator: "\n")
    }
}
