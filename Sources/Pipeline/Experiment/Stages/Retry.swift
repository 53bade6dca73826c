/// When a failed attempt is repeated: only for ends that the file declares.
package struct Retry: Sendable, Equatable {
    /// An end that is worth another attempt.
    package enum Reason: Sendable, Equatable {
        /// Too little memory: past the limit, or killed by the kernel.
        case memory
        /// Past the limit of time.
        case time
        /// Killed by the signal of this number; by any signal where none is named.
        case signal(Int?)
        /// This exit code.
        case exit(Int)

        /// Whether an attempt ended for this reason.
        package func covers(_ end: AttemptEnd) -> Bool {
            switch (self, end) {
            case (.memory, .memory), (.memory, .outOfMemory), (.time, .time): true
            case (.signal(let wanted), .signal(let found)): wanted == nil || wanted == found
            // By signal 9: whoever does not name memory means that too.
            case (.signal(let wanted), .outOfMemory): wanted == nil || wanted == 9
            case (.exit(let wanted), .exit(let found)): wanted == found
            default: false
            }
        }
    }

    /// How many further attempts.
    package var times: Int
    /// The ends that are worth another attempt.
    package var reasons: [Reason]
    /// How much more memory each further attempt may use than the one before it.
    package var memoryFactor: Double

    /// Names a rule; the default is never to repeat.
    package init(times: Int = 0, reasons: [Reason] = [], memoryFactor: Double = 1) {
        self.times = times
        self.reasons = reasons
        self.memoryFactor = memoryFactor
    }

    /// Whether an end is worth another attempt.
    package func covers(_ end: AttemptEnd) -> Bool { reasons.contains { $0.covers(end) } }
}
