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
        /// Its action is to go on from its checkpoints, as `check: resume` asks.
        case check
    }

    /// What came out of its channel.
    enum Arrival {
        case lines([[UInt8]])
        /// Another process wrote there.
        case stranger(CInt)
        case end
    }

    private let process: ChildProcess
    /// The signal that asks it to end.
    private let request: CInt
    private var lines: LineReceiver
    private var isReady = false
    /// The action that it works on.
    var work: WorkerAssignment? {
        didSet { if let work { last = work.action.index } }
    }
    /// The action that it worked on last.
    private(set) var last: Int?
    /// Where its attempts work, one after the other.
    let attempt: AttemptFolder

    /// Starts a worker in a process group of its own.
    ///
    /// Where the command is another program that starts it, it may be that program's child: then whoever
    /// speaks first is the worker, for a program of an action comes only after that. A shielded one leaves
    /// requests of others to us; what another program started is asked through that, by SIGTERM.
    init(
        command: [String], attempt: AttemptFolder, environment: [String], isOwn: Bool,
        isShielded: Bool
    ) throws {
        self.attempt = attempt
        request = isOwn && isShielded ? SharedEnd.ownRequest : SIGTERM
        process = try ChildProcess(command, environment: environment, streams: .channel)
        lines = LineReceiver(process.channel, from: isOwn ? .process(process.id) : .first)
    }

    /// Its number.
    var id: pid_t { process.id }

    /// The descriptor that replies come from.
    var channel: CInt { process.channel }

    /// Sends one line; a worker that died is noticed when its output ends.
    func send(_ json: JSON) {
        _ = writeLine(json, to: process.channel)
    }

    /// What has arrived.
    func receive() -> Arrival {
        guard let arrived = lines.receive() else { return .end }
        return lines.stranger.map { .stranger($0) } ?? .lines(arrived)
    }

    /// Reads a line as an answer to what this worker was asked; `nil` for its greeting.
    func read(_ line: [UInt8]) throws(ChannelBreach) -> WorkerReply? {
        guard let json = try? JSON(parsing: line) else { throw .form }
        if json == WorkerReply.greeting && !isReady {
            isReady = true
            return nil
        }
        if let stranger = WorkerReply.stranger(in: json) { throw .writer(stranger) }
        guard let mark = RequestMark(json: json), let reply = WorkerReply(json: json) else {
            throw .form
        }
        guard let asked = work?.mark else { throw .unasked }
        guard mark.key == asked.key else { throw .key(mark.key) }
        guard mark == asked else { throw .number }
        return reply
    }

    /// Kills the worker and all that it started.
    func terminate() { process.end() }

    /// Asks the worker to end: the program that it runs is asked, and may end by itself.
    func ask() { process.ask(by: request) }

    /// Waits for the process; its exit code, or minus the signal.
    func reap() -> CInt { process.wait() }
}
