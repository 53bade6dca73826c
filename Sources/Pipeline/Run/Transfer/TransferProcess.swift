import CSystem
import Canon
import Glibc
import System

/// The process that speaks to remotes while the engine goes on: one for a run, from the first result
/// that is missing to the end.
final class TransferProcess {
    private let id: pid_t
    private let input: CInt
    /// The descriptor that replies come from.
    let output: CInt
    private var lines: LineReceiver

    /// Starts the process.
    ///
    /// What rclone, netrc, proxies and agents need is the person's business: all of it is passed.
    init(command: [String], person: EnvironmentVariables) throws {
        var request: [CInt] = [0, 0]
        var reply: [CInt] = [0, 0]
        func failure() -> FileError {
            unsafe FileError(
                description: "cannot start \(command[0]): \(String(cString: strerror(errno)))")
        }
        guard unsafe bitlaw_pipe(&request) == 0, unsafe bitlaw_pipe(&reply) == 0 else {
            throw failure()
        }
        id = unsafe withCStrings(command) { argv in
            unsafe withCStrings(person.words) { envp in
                unsafe bitlaw_spawn(command[0], argv, envp, nil, request[0], reply[1], -1, 1)
            }
        }
        close(request[0])
        close(reply[1])
        input = request[1]
        output = reply[0]
        lines = LineReceiver(reply[0])
        guard id > 0 else { throw failure() }
    }

    /// Ends the process; what it has not published leaves nothing behind.
    deinit {
        close(input)
        close(output)
        _ = kill(-id, SIGTERM)
        var status: CInt = 0
        while unsafe waitpid(id, &status, 0) < 0 && errno == EINTR {}
    }

    /// Sends a request; a process that died is noticed when its output ends.
    func send(_ request: TransferRequest) {
        _ = writeLine(request.json, to: input)
    }

    /// The replies that have arrived; `nil` at the end of the output.
    func receive() -> [TransferReply]? {
        lines.receive()?.compactMap { line in
            (try? JSON(parsing: line)).flatMap { TransferReply(json: $0) }
        }
    }
}
