/// What a stage says of how its actions are executed, and not of what they compute: none of it is in a key.
package struct StageRules: Sendable, Equatable {
    /// How long a program has to end by itself unless its stage says another time, in seconds.
    package static let usualGrace = 10.0

    /// Bounds on one attempt.
    package var limits = Limits()
    /// When a failed attempt is repeated.
    package var retry = Retry()
    /// What it promises of its bits.
    package var promise = BitPromise()
    /// How a new result is checked before it counts.
    package var checks: Set<ResultCheck> = []
    /// How many seconds its program has to end by itself, once it was asked to.
    package var grace = StageRules.usualGrace
    /// The folder of the work folder that is kept between attempts.
    package var checkpoints: String?

    /// Names no rule at all.
    package init() {}
}
