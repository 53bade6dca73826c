import CSystem
import Glibc

/// A short program that is given a time: what it says is taken while it runs, and past its time it is killed.
///
/// Clients of schedulers hang while their server is away; none of them may hold up who asks.
package final class TimedProgram {
    /// How a program ended.
    package struct Answer: Sendable {
        /// The exit code, or minus the signal; `nil` where its time was over.
        package let status: CInt?
        /// What it printed.
        package let output: String
        /// What it complained of.
        package let errors: String

        /// Whether it ended well.
        package var isGood: Bool { status == 0 }
        /// Its complaint, else what it printed, else how it ended.
        package var words: String {
            let said = [errors, output].map(trimmed).first { !$0.isEmpty }
            if let said { return said }
            guard let status else { return "no answer in time" }
            return status < 0
                ? "killed by \(SignalName.text(-status))" : "exit code \(status), and no word"
        }

        private func trimmed(_ text: String) -> String {
            text.split(separator: "\n").joined(separator: "; ")
        }
    }

    private let child: ChildProcess
    private let deadline: ContinuousClock.Instant
    private var output = PipeEnd()
    private var errors = PipeEnd()

    /// Starts a program that reads nothing.
    ///
    /// - Throws: ``OperationalError`` where it cannot be started.
    package init(_ words: [String], environment: [String], seconds: Double) throws {
        var (first, second): ([CInt], [CInt]) = ([-1, -1], [-1, -1])
        guard unsafe bitlaw_pipe(&first) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        defer { close(first[1]) }
        output = PipeEnd(descriptor: first[0])
        guard unsafe bitlaw_pipe(&second) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        defer { close(second[1]) }
        errors = PipeEnd(descriptor: second[0])
        deadline = ContinuousClock.now + .seconds(seconds)
        child = try ChildProcess(
            words, environment: environment, streams: .into(output: first[1], errors: second[1]))
    }

    deinit {
        output.close()
        errors.close()
    }

    /// The answer, once the program ended or its time is over; `nil` before.
    ///
    /// It waits for nothing.
    package func poll() -> Answer? {
        _ = output.drain()
        _ = errors.drain()
        if let status = child.poll() {
            _ = output.drain()
            _ = errors.drain()
            return answer(status)
        }
        guard ContinuousClock.now >= deadline else { return nil }
        child.end()
        _ = child.wait()
        return answer(nil)
    }

    /// Waits for the answer.
    package func wait() -> Answer {
        while true {
            if let answer = poll() { return answer }
            usleep(5000)
        }
    }

    private func answer(_ status: CInt?) -> Answer {
        Answer(status: status, output: output.text, errors: errors.text)
    }
}

/// The end of a pipe that is read as far as there is something.
private struct PipeEnd {
    /// The most that is taken of what a client says.
    private static let most = 64 << 20

    private var descriptor: CInt
    private var bytes: [UInt8] = []

    init(descriptor: CInt = -1) {
        self.descriptor = descriptor
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads what is there; whether the pipe is open still.
    mutating func drain() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while descriptor >= 0 {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return true }
            if count == 0 { return false }
            if bytes.count < PipeEnd.most { bytes += buffer.prefix(count) }
        }
        return false
    }

    func close() { if descriptor >= 0 { _ = Glibc.close(descriptor) } }
}
