import Canon
import TestSupport
import Testing
import Trust

/// Stages that say that their bits may differ, and results that have to come out twice.
@Suite struct HonestBitsTests {
    /// A program that prints another number each time, and a table that reads it; `rules` are its own.
    private func project(_ rules: String, counts: Bool = true) -> Project {
        let project = Project()
        project.write(
            "count.sh",
            "echo x >> \"$0.count\"\necho y\necho 1.0000\(counts ? "$(wc -l < \"$0.count\")" : "1")\n"
        )
        project.write("pipelines/h.yaml", experiment(project, rules))
        return project
    }

    private func experiment(_ project: Project, _ rules: String) -> String {
        """
        experiment: h
        seed: 1
        stages:
          noisy:
            kind: command
            params: {run: [sh, "\(project.path)/count.sh"]}
            \(rules)
          read: {kind: table.import, inputs: {file: noisy}, params: {columns: [{name: y}]}}

        """
    }

    private func executions(_ project: Project) -> Int {
        project.read("count.sh.count").split(separator: "\n").count
    }

    // MARK: What an audit says

    @Test func `an audit does not fail for bits that may differ, and claims no identity`() throws {
        let project = project("deterministic: false")
        #expect(project.bitlaw("run pipelines/h.yaml -q").code == 0)
        let audit = project.bitlaw(
            "audit --unconfined pipelines/h.yaml --report r.json --junit r.xml")
        #expect(audit.code == 0, "\(audit.output)\(audit.error)")
        #expect(audit.output.contains("differs, as its stage says: noisy/out (command/"))
        #expect(audit.output.contains("differs, as what it reads does: read/table (table.import/"))
        #expect(audit.output.contains("  the difference comes from noisy\n"))
        #expect(
            audit.output.contains(
                "1 action reads what may differ, and cannot be verified from the sources; "
                    + "--each-alone gives each its recorded inputs\n"))
        #expect(
            audit.output.hasSuffix("0 outputs differ in 2 actions, 3 more differ as stages say\n"))
        #expect(!audit.output.contains("identical"))
        let report = try JSON(parsing: project.read("r.json"))
        #expect(report["counts"]?["stated"] == 2 && report["counts"]?["different"] == 0)
        #expect(project.read("r.xml").contains("failures=\"0\""))
        #expect(project.read("r.xml").contains("<system-out>differs, as its stage says"))
    }

    @Test func `by its recorded inputs what reads such bits is verified`() throws {
        let project = project("deterministic: false")
        _ = project.bitlaw("run pipelines/h.yaml -q")
        try SigningKey().write(to: "\(project.path)/ann.key")
        let audit = project.bitlaw(
            "audit --unconfined pipelines/h.yaml --each-alone --sign ann.key --attestation a.json")
        #expect(audit.code == 0, "\(audit.output)")
        #expect(
            audit.output.hasSuffix("0 outputs differ in 2 actions, 1 more differs as stages say\n"))
        let payload = Base64.decode(
            (try JSON(parsing: project.read("a.json")))["payload"]?.text ?? "")
        let text = String(decoding: payload ?? [], as: UTF8.self)
        // What nobody else can find again is not attested.
        #expect(text.contains("\"read/table\"") && !text.contains("\"noisy/out\""))
        #expect(text.contains("\"programs\":\"not confined\""))
    }

    @Test func `a bug upstream is none the less a difference, also of what reads it`() {
        let project = project("stream: noisy")
        _ = project.bitlaw("run pipelines/h.yaml -q")
        let audit = project.bitlaw("audit --unconfined pipelines/h.yaml")
        #expect(audit.code == 4)
        #expect(audit.output.hasSuffix("3 outputs differ in 2 actions\n"), "\(audit.output)")
    }

    @Test func `an output is held to the tolerance of its stage, which is in no key`() {
        let project = project("compare: {out: {rtol: 1e-3}}")
        _ = project.bitlaw("run pipelines/h.yaml -q")
        let within = project.bitlaw("audit --unconfined pipelines/h.yaml")
        #expect(within.code == 0, "\(within.output)")
        #expect(within.output.contains("within tolerance: noisy/out (command/"))
        #expect(within.output.contains("  its stage allows rtol 0.001\n"))
        #expect(within.output.contains("differs, as what it reads does: read/table"))
        #expect(
            within.output.hasSuffix(
                "0 outputs differ in 2 actions, 1 more is within the tolerance, 2 more differ as stages "
                    + "say\n"))
        project.write("pipelines/h.yaml", experiment(project, "compare: {out: {rtol: 1e-12}}"))
        #expect(project.bitlaw("run pipelines/h.yaml").output.hasPrefix("0 ran, 2 cached"))
        // The tolerance of the stage holds before that of the command.
        let beyond = project.bitlaw("audit --unconfined pipelines/h.yaml noisy --tolerance 1")
        #expect(beyond.code == 4)
        #expect(beyond.output.contains("differs: noisy/out (command/"))
        #expect(beyond.output.contains("  its stage allows rtol 1e-12\n"))
    }

    @Test func `a tolerance that cannot be tried for want of bytes is no excuse`() {
        let project = project("compare: {out: {rtol: 1e-3}}")
        _ = project.bitlaw("run pipelines/h.yaml -q")
        #expect(project.bitlaw("lock pipelines/h.yaml").code == 0)
        let audit = project.bitlaw(
            "audit --unconfined pipelines/h.yaml noisy --against pipelines/h.yaml.lock --store none"
        )
        #expect(audit.code == 4)
        #expect(
            audit.output.contains(
                "  its stage allows rtol 0.001; not tried, for the bytes of one of the two cannot be read\n"
            ))
    }

    @Test(arguments: [("1e-3", 0, "within tolerance"), ("1e-12", 4, "differs")])
    func `the files of a folder are held to the tolerance of their output`(
        rtol: String, code: Int, said: String
    ) {
        let project = project("compare: {out: {rtol: \(rtol)}}")
        project.write(
            "count.sh",
            "echo x >> \"$0.count\"; mkdir out; echo '{\"a\": 1}' > out/same.json\n"
                + "printf '{\"loss\": 1.0000%d}' \"$(wc -l < \"$0.count\")\" > out/metrics.json\n")
        let text = project.read("pipelines/h.yaml").split(separator: "\n").filter {
            !$0.contains("read:")
        }.joined(separator: "\n")
        project.write(
            "pipelines/h.yaml",
            text.replacing("count.sh\"]}", with: "count.sh\"], outputs: {out: out/}}") + "\n")
        #expect(project.bitlaw("run pipelines/h.yaml -q").code == 0)
        let audit = project.bitlaw("audit --unconfined pipelines/h.yaml")
        #expect(audit.code == CInt(code), "\(audit.output)\(audit.error)")
        #expect(audit.output.contains("\(said): noisy/out (command/"), "\(audit.output)")
        #expect(audit.output.contains("1 of 2 entries differ: `metrics.json`: JSON: "))
        project.shell("rm -rf .cache count.sh.count")
        let twice = project.bitlaw("run pipelines/h.yaml --twice")
        #expect(twice.code == (code == 0 ? 0 : 1), "\(twice.error)")
        #expect(twice.error.contains("1 of 2 entries differ: `metrics.json`: JSON: "))
    }

    // MARK: What is told before and after

    @Test func `plan, show and the record of a run tell what is not promised`() throws {
        let project = project("deterministic: false")
        let plan = project.bitlaw("plan pipelines/h.yaml")
        #expect(
            plan.output.contains(
                "bits of noisy: may differ each time, its stage says (deterministic: false)\n"))
        let json = try JSON(parsing: project.bitlaw("plan pipelines/h.yaml --json").output)
        #expect(json["promises"]?["noisy"]?["deterministic"] == false)
        #expect(json["promises"]?.members?.count == 1)
        _ = project.bitlaw("run pipelines/h.yaml -q")
        #expect(
            project.bitlaw("show pipelines/h.yaml noisy").output.contains(
                "  bits     may differ each time, its stage says (deterministic: false)\n"))
        #expect(
            project.shell(
                "grep -q '\"stage\":\"noisy\",\"state\":\"ran\",\"confined\":false,\"deterministic\":false}' "
                    + ".cache/runs/*.json") == 0)
        #expect(project.shell("grep -c '\"deterministic\"' .cache/runs/*.json | grep -qx 1") == 0)
    }

    @Test func `what may differ is no fault where it is executed again`() {
        for (rules, code, words) in [
            ("deterministic: false", 0, "1 executed again, other digests, as stages allow\n"),
            ("compare: {out: {rtol: 1e-3}}", 0, "1 executed again, other digests, as stages"),
            ("compare: {out: {rtol: 1e-12}}", 4, "DIFFERENT: noisy/out: stored "),
        ] {
            let project = project(rules)
            _ = project.bitlaw("run pipelines/h.yaml -q")
            let again = project.bitlaw("run pipelines/h.yaml --force noisy")
            #expect(again.code == CInt(code), "\(again.output)")
            #expect(again.output.contains(words), "\(rules): \(again.output)")
        }
    }

    // MARK: Twice

    @Test(arguments: ["--twice", "check: twice", "check: [twice]"])
    func `bits that do not come out twice are not published, and the difference is told`(
        how: String
    ) {
        let isOption = how.hasPrefix("--")
        let project = project(isOption ? "stream: noisy" : how)
        let run = project.bitlaw("run pipelines/h.yaml \(isOption ? how : "")")
        #expect(run.code == 1)
        #expect(
            run.error.contains(
                "failed: noisy: executed two times, and 1 output differs: nothing is published\n"
                    + "  `out`: first "), "\(run.error)")
        #expect(run.error.contains("1.00001 → 1.00002"), "\(run.error)")
        #expect(
            run.error.contains(
                "\n  fix: give its program a seed, one thread and no clock; or let stage `noisy` say "
                    + "`compare: {out: {rtol: 1e-6}}`, or `deterministic: false`"))
        #expect(executions(project) == 2)
        #expect(project.bitlaw("show pipelines/h.yaml noisy --output out").code == 2)
        // Both can be read where the message says.
        let place = run.error.split(separator: "zstd -dc ").dropFirst().map {
            $0.prefix { !",\n".contains($0) }
        }
        #expect(place.count == 2)
        for path in place { #expect(project.shell("zstd -dcq \(path) | grep -q 1.0000") == 0) }
    }

    @Test func `bits that come out twice are published once, and the record says so`() {
        let project = project("stream: noisy", counts: false)
        let run = project.bitlaw("run pipelines/h.yaml --twice")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("2 ran in "))
        #expect(executions(project) == 2)
        #expect(
            project.shell("grep -q '\"stage\":\"noisy\".*\"twice\":true' .cache/runs/*.json") == 0)
        #expect(
            project.shell("grep '\"stage\":\"read\"' .cache/runs/*.json | grep -q twice") != 0)
        // What is cached is not executed.
        #expect(project.bitlaw("run pipelines/h.yaml --twice").output.hasPrefix("0 ran, 2 cached"))
        #expect(executions(project) == 2)
        // An audit is a second execution by itself.
        project.write("pipelines/h.yaml", experiment(project, "check: twice"))
        #expect(project.bitlaw("audit --unconfined pipelines/h.yaml").code == 0)
        #expect(executions(project) == 3)
    }

    @Test func `a second execution that fails says that the first did not`() {
        let project = project("check: twice")
        project.write(
            "count.sh", "test ! -e \"$0.once\" || exit 7; touch \"$0.once\"; echo y; echo 1\n")
        let run = project.bitlaw("run pipelines/h.yaml")
        #expect(run.code == 1)
        #expect(run.error.contains("again: noisy: a second time, to compare the bits\n"))
        #expect(
            run.error.contains(
                "failed: noisy: sh ended with exit code 7\n  this was its second execution: the first "
                    + "ended well, and nothing is published"), "\(run.error)")
        #expect(project.bitlaw("show pipelines/h.yaml noisy --output out").code == 2)
    }

    @Test(arguments: [
        ("deterministic: false", "`out` differs, as its stage says"),
        ("compare: {out: {rtol: 1e-3}}", "`out` differs, within what its stage allows"),
    ])
    func `what a stage allows is published, and told`(rules: String, words: String) {
        let project = project(rules)
        let run = project.bitlaw("run pipelines/h.yaml --twice")
        #expect(run.code == 0, "\(run.error)")
        #expect(
            run.error.contains("warning: noisy: executed two times, \(words): "), "\(run.error)")
        #expect(
            project.bitlaw("show pipelines/h.yaml noisy --output out").output.hasSuffix(
                "1.00001\n"))
    }
}
