extension ActionResult {
    /// How a result was executed, as far as its bits may hang on it.
    package struct Execution: Equatable, Sendable {
        /// Whether what made it could do no more than a confined program; our own kinds always do no more.
        package var isConfined = true
        /// Whether its program went on from checkpoints of an attempt before: its bits are as good as the
        /// program's own way to do that.
        package var isResumed = false
        /// What a program that is not ours made it with; `nil` for our own kinds.
        package var madeWith: MadeWith?

        /// Names how; the defaults hold for our own kinds.
        package init(
            isConfined: Bool = true, isResumed: Bool = false, madeWith: MadeWith? = nil
        ) {
            self.isConfined = isConfined
            self.isResumed = isResumed
            self.madeWith = madeWith.flatMap { $0.facts.isEmpty ? nil : $0 }
        }
    }

    /// Whether what made it could do no more than a confined program.
    package var isConfined: Bool { execution.isConfined }

    /// Whether its program went on from checkpoints of an attempt before.
    package var isResumed: Bool { execution.isResumed }

    /// What a program that is not ours made it with; `nil` for our own kinds.
    package var madeWith: MadeWith? { execution.madeWith }
}
