/// A statement, how it was tested, and what came out.
package struct TestedClaim {
    /// The statement.
    package let statement: String
    /// How it was tested.
    package let test: String
    /// What came out.
    package let verdict: Verdict
    /// What it was judged by, as markup.
    package let evidence: String

    /// Names a claim and its outcome.
    package init(statement: String, test: String, verdict: Verdict, evidence: String) {
        self.statement = statement
        self.test = test
        self.verdict = verdict
        self.evidence = evidence
    }
}
