import Experiment
import Synchronization

/// Reports of how far an action is, ten a second at most.
final class ThinnedReports: Sendable {
    /// How many milliseconds are between two.
    static let milliseconds: CInt = 100

    private let last = Mutex(ContinuousClock.now - .seconds(1))
    private let send: @Sendable (StageProgress) -> Void

    /// Names who takes them.
    init(_ send: @escaping @Sendable (StageProgress) -> Void) { self.send = send }

    /// Reports, unless it is too early.
    ///
    /// - Returns: whether it did.
    @discardableResult
    func report(_ progress: StageProgress) -> Bool {
        let isDue = last.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= .milliseconds(Int(ThinnedReports.milliseconds)) else {
                return false
            }
            last = now
            return true
        }
        if isDue { send(progress) }
        return isDue
    }
}
