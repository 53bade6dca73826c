/// Bounds on one attempt at an action; past them its whole process tree is killed.
package struct Limits: Sendable, Equatable {
    /// Seconds of wall time, or no bound.
    package var seconds: Double?
    /// Bytes of resident memory of the process tree, or no bound.
    package var memory: Int?

    /// Names bounds.
    package init(seconds: Double? = nil, memory: Int? = nil) {
        self.seconds = seconds
        self.memory = memory
    }
}

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
