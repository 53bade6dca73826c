/// When a failed attempt is repeated: only for exit codes that the file declares.
///
/// Ends without an exit code count as the codes by which other programs know them.
package struct Retry: Sendable, Equatable {
    /// The code of an attempt that reached its time limit, as timeout(1) ends with it.
    package static let timeCode = 124
    /// The code of an attempt that reached its memory limit, as a shell says it of a program that the
    /// kernel killed for its memory.
    package static let memoryCode = 137

    /// How many further attempts.
    package var times: Int
    /// The exit codes that are worth another attempt.
    package var exitCodes: [Int]

    /// Names a rule; the default is never to repeat.
    package init(times: Int = 0, exitCodes: [Int] = []) {
        self.times = times
        self.exitCodes = exitCodes
    }

    /// The exit code of a process by its status: after a signal 128 and the signal's number, as a shell
    /// says it.
    package static func exitCode(ofStatus status: Int32) -> Int {
        Int(status < 0 ? 128 - status : status)
    }
}
