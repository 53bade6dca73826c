/// What a stage says of how its actions are executed, and not of what they compute: none of it is in a key.
package struct StageRules: Sendable, Equatable {
    /// Bounds on one attempt.
    package var limits = Limits()
    /// When a failed attempt is repeated.
    package var retry = Retry()

    /// Names no rule at all.
    package init() {}
}
