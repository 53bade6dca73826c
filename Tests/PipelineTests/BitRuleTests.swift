import Canon
import Experiment
import Testing

/// What a stage says of its bits: read, refused at its column, and in no key.
@Suite struct BitRuleTests {
    private enum Program: Stage {
        static let kind = Kind(
            name: "test.program", version: 1, summary: "A program.", source: "tests",
            outputs: [
                OutputPort("metrics", fileName: "metrics.json", "Numbers."),
                OutputPort("weights", fileName: "weights.npy", "Weights."),
            ], runsForeignProgram: true)

        static func run(_ context: StageContext) throws {}
    }

    private func load(_ rules: String, kind: String = "test.program") throws -> StageRules {
        let registry = KindRegistry(
            [Program.self, TestNumbers.self], profile: { "none" })
        let text =
            "experiment: x\nseed: 1\nconstants: {small: 1e-6}\nstages:\n  a: {kind: \(kind)\(rules)}\n"
        return try ExperimentLoader.load(
            bytes: Array(text.utf8), path: "x.yaml", project: "/nowhere", registry: registry
        ).stages[0].rules
    }

    private func mistake(_ rules: String, kind: String = "test.program") -> String {
        do {
            _ = try load(rules, kind: kind)
            return ""
        } catch { return "\(error)" }
    }

    @Test func `a stage without a word promises every bit, and is checked by nothing`() throws {
        let rules = try load("")
        #expect(rules.promise == BitPromise() && rules.checks.isEmpty)
        #expect(rules.promise.isDeterministic && !rules.promise.mayDiffer("metrics"))
        #expect(rules.promise.lines.isEmpty)
    }

    @Test func `tolerances are read by output, also from constants, and what is left out is 0`()
        throws
    {
        let rules = try load(
            ", compare: {metrics: {rtol: \"${small}\"}, weights: {atol: 0.5, rtol: 1e-3}}")
        #expect(
            rules.promise.tolerances == [
                "metrics": Tolerance(relative: 1e-6, absolute: 0),
                "weights": Tolerance(relative: 1e-3, absolute: 0.5),
            ])
        #expect(rules.promise.mayDiffer("metrics") && !rules.promise.isFree("metrics"))
        #expect(rules.promise.lines.first == "`metrics` may differ by rtol 0.000001 (compare)")
    }

    @Test func `a stage that may differ holds the outputs that it names to their tolerance`() throws
    {
        let promise = try load(", deterministic: false, compare: {metrics: {atol: 1}}").promise
        #expect(promise.isFree("weights") && !promise.isFree("metrics"))
        #expect(try load(", deterministic: true").promise == BitPromise())
    }

    @Test(arguments: [
        ("twice", [ResultCheck.twice]), ("resume", [.resume]),
        ("[twice, resume]", [.twice, .resume]), ("[]", []),
    ])
    func `a check is a word or a list of words`(written: String, checks: [ResultCheck]) throws {
        #expect(try load(", checkpoints: ckpt/, check: \(written)").checks == Set(checks))
    }

    @Test(arguments: [
        ("compare: {metrcs: {rtol: 1}}", 12, "unknown output `metrcs` of kind `test.program`"),
        ("compare: {}", 11, "`compare` is empty"),
        ("compare: 1e-6", 11, "`compare` is the number 1e-6"),
        ("compare: {metrics: 1e-6}", 21, "`compare` of `metrics` is the number 1e-6"),
        ("compare: {metrics: {}}", 21, "`compare` of `metrics` says neither `rtol` nor `atol`"),
        ("compare: {metrics: {tol: 1}}", 22, "unknown key `tol`"),
        ("compare: {metrics: {rtol: -1}}", 28, "`rtol` is the number -1"),
        ("compare: {metrics: {rtol: .nan}}", 28, "`rtol` is .nan"),
        ("compare: {metrics: {atol: small}}", 28, "`atol` is the text \"small\""),
        ("deterministic: no", 17, "`deterministic` is the text \"no\""),
        ("check: often", 9, "`check` is the text \"often\""),
        ("check: [twice, {}]", 17, "`check` is a mapping"),
        ("check: resume", 9, "`check: resume` in a stage without `checkpoints`"),
        ("check: [twice, resume]", 17, "`check: resume` in a stage without `checkpoints`"),
    ])
    func `a mistake is told at its column`(rules: String, column: Int, message: String) {
        let found = mistake(", " + rules)
        let place = "  a: {kind: test.program".count + 1 + column
        #expect(found.hasPrefix("x.yaml:5:\(place): error: \(message)"), "\(found)")
        #expect(!found.contains(".swift"))
    }

    @Test func `an unknown output names the nearest one`() {
        #expect(
            mistake(", compare: {metrcs: {rtol: 1}}").contains("did you mean `metrics`?"))
    }

    @Test(arguments: ["deterministic: false", "check: twice"])
    func `our own kinds give the same bits, and take no word that they do not`(rules: String) {
        #expect(
            mistake(", " + rules, kind: "test.numbers").contains(
                "expected: a stage that starts a program"))
    }

    @Test func `our own kinds may read what differs, and be held to a tolerance`() throws {
        let rules = try load(", compare: {more: {rtol: 1e-3}}", kind: "test.numbers")
        #expect(rules.promise.mayDiffer("more"))
    }
}
