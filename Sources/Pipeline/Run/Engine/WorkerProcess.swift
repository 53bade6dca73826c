import CSystem
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

    let id: pid_t
    private let input: CInt
    /// The descriptor that replies come from.
    let output: CInt
    private var lines: LineReceiver
    /// The action that it works on.
    var work: WorkerAssignment?
    /// Where its attempts work, one after the other.
    let attempt: AttemptFolder

    /// Starts a worker in a process group of its own.
    init(command: [String], attempt: AttemptFolder, environment: [String]) throws {
        self.attempt = attempt
        var request: [CInt] = [0, 0]
        var reply: [CInt] = [0, 0]
        guard unsafe bitlaw_pipe(&request) == 0, unsafe bitlaw_pipe(&reply) == 0 else {
            throw unsafe FileError(
                description: "cannot start a worker: \(String(cString: strerror(errno)))")
        }
        id = unsafe withCStrings(command) { argv in
            unsafe withCStrings(environment) { envp in
                unsafe bitlaw_spawn(command[0], argv, envp, nil, request[0], reply[1], -1, 1)
            }
        }
        close(request[0])
        close(reply[1])
        input = request[1]
        output = reply[0]
        lines = LineReceiver(reply[0])
        guard id > 0 else {
            throw unsafe FileError(
                description: "cannot start a worker: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(input)
        close(output)
    }

    /// Sends one line; a worker that died is noticed when its output ends.
    func send(_ json: JSON) {
        _ = writeLine(json, to: input)
    }

    /// The replies that have arrived; `nil` at the end of the output.
    func receive() -> [WorkerReply]? {
        lines.receive()?.map { line in
            (try? JSON(parsing: line)).flatMap { WorkerReply(json: $0) }
                ?? .failed(reason: "the worker answered in no known form", exitCode: nil)
        }
    }

    /// Ends the worker and all that it started.
    func terminate(_ signal: CInt = SIGKILL) {
        for process in ProcessTree.members(of: id) where process != id {
            _ = Glibc.kill(process, signal)
        }
        _ = Glibc.kill(-id, signal)
    }

    /// Waits for the process; its exit code, or minus the signal.
    func reap() -> CInt {
        var status: CInt = 0
        while unsafe waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return ChildProcess.code(status)
    }
}
