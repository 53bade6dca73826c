import Canon
import Experiment
import Glibc
import LocalStore
import System

/// One worker: a process that serves an action at a time.
final class WorkerProcess {
    /// What ended a worker before it answered.
    enum Kill: Equatable {
        case time(Double)
        case memory(limit: Int, used: Int)
        case stop
    }

    private let process: ChildProcess
    private var lines: LineReceiver
    /// The action that it works on.
    var work: WorkerAssignment?
    /// Where its attempts work, one after the other.
    let attempt: AttemptFolder

    /// Starts a worker in a process group of its own.
    init(command: [String], attempt: AttemptFolder, environment: [String]) throws {
        self.attempt = attempt
        process = try ChildProcess(command, environment: environment, streams: .pipes)
        lines = LineReceiver(process.output)
    }

    /// Its number.
    var id: pid_t { process.id }

    /// The descriptor that replies come from.
    var output: CInt { process.output }

    /// Sends one line; a worker that died is noticed when its output ends.
    func send(_ json: JSON) {
        _ = writeLine(json, to: process.input)
    }

    /// The replies that have arrived; `nil` at the end of the output.
    func receive() -> [WorkerReply]? {
        lines.receive()?.map { line in
            (try? JSON(parsing: line)).flatMap { WorkerReply(json: $0) }
                ?? .failed(reason: "the worker answered in no known form", exitCode: nil)
        }
    }

    /// Ends the worker and all that it started.
    func terminate(_ signal: CInt = SIGKILL) { process.end(signal) }

    /// Waits for the process; its exit code, or minus the signal.
    func reap() -> CInt { process.wait() }
}
