package import Canon
package import Experiment

/// A claim of a list: where it comes from, what is expected, what came out.
package struct CheckedClaim {
    /// Its short name, such as `C3`.
    package let id: String
    /// The statement.
    package let claim: String
    /// What a pass would show: a sourced statement, mathematics, or our own expectation.
    package let basis: String
    /// What a pass would show, as text.
    package let expected: String
    /// Text without markup.
    package let measured: String
    /// How it came out.
    package let verdict: Verdict
    /// What the measured numbers were read from.
    package var inputs: [StageInput] = []

    /// Names a claim and its outcome.
    package init(
        id: String, claim: String, basis: String, expected: String, measured: String,
        verdict: Verdict, inputs: [StageInput] = []
    ) {
        self.id = id
        self.claim = claim
        self.basis = basis
        self.expected = expected
        self.measured = measured
        self.verdict = verdict
        self.inputs = inputs
    }

    /// A claim that this run has no measurements for.
    package static func lacking(_ id: String, _ claim: String, basis: String, expected: String)
        -> CheckedClaim
    {
        CheckedClaim(
            id: id, claim: claim, basis: basis, expected: expected,
            measured: "this run has no measurements for it", verdict: .told)
    }

    /// The claim for programs.
    package var json: JSON {
        [
            "id": .string(id), "claim": .string(claim), "basis": .string(basis),
            "expected": .string(expected), "measured": .string(measured),
            "verdict": .string(verdict.rawValue),
        ]
    }
}

extension ReportPage {
    /// A table of claims: id, claim, basis, expected, measured, verdict; on a phone one block a claim.
    package mutating func claims(_ claims: [CheckedClaim]) {
        table(
            ["", "claim", "basis", "expected", "measured", "verdict"],
            claims.map { claim in
                let measured =
                    claim.inputs.isEmpty
                    ? Markup.escape(claim.measured) : number(claim.measured, from: claim.inputs)
                return [
                    claim.id, Markup.escape(claim.claim), Markup.escape(claim.basis),
                    Markup.escape(claim.expected), measured, claim.verdict.badge,
                ]
            }, className: "claims")
        let held = claims.count { $0.verdict == .held }
        let failed = claims.filter { $0.verdict == .failed }.map { $0.id }
        let told = claims.filter { $0.verdict == .told }.map { $0.id }
        paragraph(
            "\(held) of \(claims.count) claims held"
                + (failed.isEmpty ? "" : "; did not hold: \(failed.joined(separator: ", "))")
                + (told.isEmpty ? "" : "; not judged: \(told.joined(separator: ", "))") + ".")
    }

    /// Writes the page and its claims to the outputs of ``ReportPorts``.
    package func write(_ claims: [CheckedClaim], to context: StageContext) throws {
        try context.write(ReportPorts.page.name, html())
        try context.write(
            ReportPorts.claims.name, JSON.array(claims.map { $0.json }).pretty())
    }
}
