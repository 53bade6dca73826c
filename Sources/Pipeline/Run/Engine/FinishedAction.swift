import Canon
import LocalStore
import Trust

/// An action that ended well, and whose result is not published yet.
struct FinishedAction {
    let index: Int
    let result: ActionResult
    /// What its result names and no store has yet: the description of its key, small outputs, the log.
    let blobs: [[UInt8]]
    /// What is said of the result by this account.
    let signature: DSSEEnvelope.Signature?
    /// Held until the result is published: no other process executes the action meanwhile.
    let lock: ActionLock
}
