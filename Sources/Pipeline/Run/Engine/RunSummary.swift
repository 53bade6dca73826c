package import Canon

/// How a run ended.
package struct RunSummary: Sendable {
    /// The state of every action that was wanted.
    package let states: [ActionState]
    /// The key of every action that came to have one.
    package let keys: [Digest?]
    /// Whether a signal ended it.
    package let isInterrupted: Bool
    /// Wall time in seconds.
    package let seconds: Double
    /// What was executed again, and how it came out.
    package let repeats: [ForcedRepeats.Outcome]
    /// Cached results that were made with other tools than are here.
    package let elsewhere: MadeElsewhere
    /// The run record's name, where one was written.
    package let run: String?

    /// How many actions are in a state.
    package func count(_ state: ActionState) -> Int { states.count { $0 == state } }
}
