/// A statement, how it was tested, and what came out.
///
/// ```swift
/// let distance = 9.5
/// var page = ReportPage(title: "Walks", subtitle: "on a square lattice")
/// page.claim(
///     1,
///     TestedClaim(
///         statement: "A walk of 100 steps comes about 10 m far.", test: "within 1 m of 10 m",
///         verdict: Verdict((9...11).contains(distance)), evidence: "\(Told.number(distance)) m"))
/// ```
public struct TestedClaim: Sendable {
    /// The statement.
    public let statement: String
    /// How it was tested.
    public let test: String
    /// What came out.
    public let verdict: Verdict
    /// What it was judged by, as markup.
    public let evidence: String

    /// Names a claim and its outcome.
    public init(statement: String, test: String, verdict: Verdict, evidence: String) {
        self.statement = statement
        self.test = test
        self.verdict = verdict
        self.evidence = evidence
    }
}
