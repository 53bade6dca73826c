import Canon
import Glibc
import System

/// The process that speaks to remotes while the engine goes on: one for a run, from the first result
/// that is missing to the end.
final class TransferProcess {
    private let process: ChildProcess
    private var lines: LineReceiver

    /// Starts the process.
    ///
    /// What rclone, netrc, proxies and agents need is the person's business: all of it is passed.
    init(command: [String], person: EnvironmentVariables) throws {
        process = try ChildProcess(command, environment: person.words, streams: .channel)
        lines = LineReceiver(process.channel, from: .process(process.id))
    }

    /// Ends the process; what it has not published leaves nothing behind.
    deinit {
        process.end(SIGTERM)
        _ = process.wait()
    }

    /// The descriptor that replies come from.
    var channel: CInt { process.channel }

    /// Sends a request; a process that died is noticed when its output ends.
    func send(_ request: TransferRequest) {
        _ = writeLine(request.json, to: process.channel)
    }

    /// The replies that have arrived; `nil` at the end, and where another process wrote as well.
    func receive() -> [TransferReply]? {
        guard let arrived = lines.receive(), lines.stranger == nil else { return nil }
        return arrived.compactMap { line in
            (try? JSON(parsing: line)).flatMap { TransferReply(json: $0) }
        }
    }
}
