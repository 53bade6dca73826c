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
