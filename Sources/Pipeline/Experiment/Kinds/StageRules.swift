/// What a stage says of how its actions are executed, and not of what they compute: none of it is in a key.
package struct StageRules: Sendable, Equatable {
    /// Bounds on one attempt.
    package var limits = Limits()
    /// When a failed attempt is repeated.
    package var retry = Retry()
    /// What it promises of its bits.
    package var promise = BitPromise()
    /// How a new result is checked before it counts.
    package var checks: Set<ResultCheck> = []

    /// Names no rule at all.
    package init() {}
}
