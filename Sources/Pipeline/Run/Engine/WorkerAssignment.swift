import Experiment
import LocalStore
import System

/// What a worker is busy with.
struct WorkerAssignment {
    let action: KeyedAction
    /// What its answers have to carry.
    let mark: RequestMark
    let limits: Limits
    /// The GPUs that are its own.
    let gpus: [Int]
    /// When its time is over; `nil` without a limit.
    let deadline: ContinuousClock.Instant?
    /// Held until the result is published: no other process executes the action meanwhile.
    let lock: ActionLock
    /// From when on it is killed once it has checkpoints; `nil` where it is not.
    var middle: ContinuousClock.Instant?
    /// How many times the kernel had killed for want of memory before.
    let killsBefore = OutOfMemoryKills.recentCount
    /// Why the worker is being ended; what it answers from then on does not count.
    var kill: WorkerProcess.Kill?
    /// When what was asked to end is killed.
    var killTime: ContinuousClock.Instant?

    /// Begins now.
    init(_ action: KeyedAction, limits: Limits, gpus: [Int], lock: ActionLock) {
        self.action = action
        self.gpus = gpus
        mark = RequestMark(key: action.document.key)
        self.limits = limits
        deadline = limits.seconds.map { ContinuousClock.now + .seconds($0) }
        self.lock = lock
    }

    /// Whether it may have to be killed at any moment, for its action to go on from checkpoints.
    var isNearMiddle: Bool {
        guard let middle, kill == nil else { return false }
        return ContinuousClock.now + .milliseconds(100) >= middle
    }

    /// Whether there is anything to watch.
    var isWatched: Bool {
        deadline != nil || limits.memory != nil || killTime != nil || middle != nil
    }
}
