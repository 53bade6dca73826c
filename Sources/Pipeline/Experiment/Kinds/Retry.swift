/// When a failed attempt is repeated: only for exit codes that the file declares.
package struct Retry: Sendable, Equatable {
    /// How many further attempts.
    package var times: Int
    /// The exit codes that are worth another attempt.
    package var exitCodes: [Int]

    /// Names a rule; the default is never to repeat.
    package init(times: Int = 0, exitCodes: [Int] = []) {
        self.times = times
        self.exitCodes = exitCodes
    }
}
