import Canon
import LocalStore
import Trust

/// An action that ended well, and whose result is not published yet.
struct FinishedAction {
    /// Seconds: what took less is no loss.
    static let short = 0.005

    let index: Int
    /// Whether no other action begins before its result is published: that of a program, or of what took a
    /// while.
    let isAwaited: Bool
    let result: ActionResult
    /// What its result names and no store has yet: the description of its key, small outputs, the log.
    let blobs: [[UInt8]]
    /// What is said of the result by this account.
    let signature: DSSEEnvelope.Signature?
    /// Held until the result is published: no other process executes the action meanwhile.
    let lock: ActionLock
}
