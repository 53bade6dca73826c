/// Bounds on one attempt at an action; past those of time and memory its whole process tree is ended.
package struct Limits: Sendable, Equatable {
    /// Seconds of wall time, or no bound.
    package var seconds: Double?
    /// Bytes of resident memory of the process tree, or no bound.
    package var memory: Int?
    /// How many processors it uses: so many jobs of the run it counts as.
    package var cpus: Int
    /// How many GPUs it is given.
    package var gpus: Int
    /// The most bytes of its log, or the usual bound.
    package var log: Int?

    /// Names bounds.
    package init(
        seconds: Double? = nil, memory: Int? = nil, cpus: Int = 1, gpus: Int = 0, log: Int? = nil
    ) {
        self.seconds = seconds
        self.memory = memory
        self.cpus = cpus
        self.gpus = gpus
        self.log = log
    }
}
