package import Canon

/// How a claim came out.
package struct ClaimOutcome: Sendable {
    /// The verdict.
    package enum Verdict: String, Sendable {
        /// The results bear the claim.
        case held
        /// They say something else.
        case failed
        /// It was not judged: nothing is there to judge it by, or it was asked not to be.
        case told
    }

    /// A piece of what was measured, in words.
    package struct Piece: Sendable {
        /// The words.
        package let text: String
        /// The places of the inputs that it was read from; none for words of the claim's author.
        package let sources: [Int]

        /// Names a piece.
        package init(_ text: String, from sources: [Int] = []) {
            self.text = text
            self.sources = sources
        }
    }

    /// The verdict.
    package let verdict: Verdict
    /// The measured value, scaled; `nil` where a condition says it all, or nothing was measured.
    package let value: JSON?
    /// The measured value, written as the claim is.
    package let found: String?
    /// What was measured, in words.
    package let evidence: [Piece]
    /// Why it was not judged; `nil` where it was.
    package let reason: String?
    /// The places of the inputs that it was judged by.
    package let sources: [Int]

    /// Names an outcome.
    package init(
        _ verdict: Verdict, value: JSON? = nil, found: String? = nil, evidence: [Piece] = [],
        reason: String? = nil, sources: [Int] = []
    ) {
        self.verdict = verdict
        self.value = value
        self.found = found
        self.evidence = evidence
        self.reason = reason
        self.sources = sources
    }
}
