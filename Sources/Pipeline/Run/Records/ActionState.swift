/// What happened to an action in a run.
package enum ActionState: String, Sendable {
    /// Its result was there.
    case cached
    /// It was executed and ended well.
    case ran
    /// It was executed and did not end well.
    case failed
    /// Something that it needs failed.
    case skipped
    /// The run ended before its turn.
    case pending
}
