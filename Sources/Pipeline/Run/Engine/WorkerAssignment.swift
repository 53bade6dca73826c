import Experiment
import LocalStore

/// What a worker is busy with.
struct WorkerAssignment {
    let action: KeyedAction
    /// What its answers have to carry.
    let mark: RequestMark
    let limits: Limits
    /// When its time is over; `nil` without a limit.
    let deadline: ContinuousClock.Instant?
    /// Held until the result is published: no other process executes the action meanwhile.
    let lock: StoreLock
    /// Why the worker is being ended; what it answers from then on does not count.
    var kill: WorkerProcess.Kill?

    /// Begins now.
    init(_ action: KeyedAction, limits: Limits, lock: StoreLock) {
        self.action = action
        mark = RequestMark(key: action.document.key)
        self.limits = limits
        deadline = limits.seconds.map { ContinuousClock.now + .seconds($0) }
        self.lock = lock
    }

    /// Whether there is anything to watch.
    var isLimited: Bool { deadline != nil || limits.memory != nil }
}
