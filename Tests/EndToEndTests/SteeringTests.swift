import Canon
import Testing

/// A sweep over sizes and replicates, with a sum.
private let sweep = """
    experiment: r
    seed: 1
    axes:
      n: [1, 2, 3]
      replicate: {count: 2}
    stages:
      data:
        kind: command
        over: [n, replicate]
        params: {run: [sh, -c, "seq ${n}"]}
      train:
        kind: command
        over: [n, replicate]
        inputs: {inputs: data}
        params: {run: [sh, -c, "cat ${inputs.inputs}; echo ${seed}"]}
      sum:
        kind: command
        inputs: {inputs: train}
        params: {run: [sh, -c, "cat ${inputs.inputs} | wc -l"]}
    """

/// A part of a sweep, named on the command line.
@Suite struct SteeringTests {
    private let project = Project()

    init() { project.write("r.yaml", sweep) }

    private func names(_ outcome: Project.Outcome, _ member: String = "action") throws -> [String] {
        try outcome.output.split(separator: "\n").map { line in
            try #require(try JSON(parsing: String(line))[member]?.text)
        }
    }

    private func planned(_ arguments: String) throws -> [String] {
        let outcome = project.bitlaw("plan r.yaml \(arguments) --json")
        let plan = try JSON(parsing: outcome.output)
        return (plan["actions"]?.elements ?? []).compactMap { $0["action"]?.text }
    }

    @Test func `plan takes a part of a sweep, with what it needs`() throws {
        let expected = ["data[n=2,replicate=1]", "train[n=2,replicate=1]"]
        #expect(try planned("'train[replicate=1,n=2]'") == expected)
        #expect(try planned("'train[n=2, replicate>0]'") == expected)
        #expect(try planned("train --where 'n == 2 and replicate == 1'") == expected)
        #expect(try planned("train --where 'n == 2' --where 'replicate == 1'") == expected)
        #expect(try planned("'train[n=2,replicate=1]'") == expected)
        #expect(try planned("'train[*]'").count == 12)
    }

    @Test func `run makes a part of a sweep, and status counts it`() {
        let run = project.bitlaw("run r.yaml 'train[n=2]' -q")
        #expect(run.code == 0, "\(run.error)")
        let part = project.bitlaw("status r.yaml 'train[n=2]'").output
        #expect(part.contains("train  2/2 cached") && !part.contains("data"))
        let whole = project.bitlaw("status r.yaml").output
        #expect(whole.contains("data   2/6 cached  4 missing") && whole.contains("sum    0/1"))
        #expect(
            project.bitlaw("status r.yaml --where 'n <= 2'").output.contains("data   2/4 cached"))
    }

    @Test func `show, why and export take a part of a sweep`() throws {
        _ = project.bitlaw("run r.yaml -q")
        let two = ["train[n=3,replicate=0]", "train[n=3,replicate=1]"]
        #expect(try names(project.bitlaw("show r.yaml 'train[n>=3]' --json")) == two)
        #expect(try names(project.bitlaw("why r.yaml train --where 'n > 2' --json")) == two)
        #expect(try names(project.bitlaw("export r.yaml 'train[n=3]' --json")) == two)
        #expect(
            project.bitlaw("show r.yaml 'data[n=2,replicate=0]' --output out").output == "1\n2\n")
        for command in ["show", "why"] {
            let none = project.bitlaw("\(command) r.yaml")
            #expect(none.code == 2)
            #expect(none.error.contains("expected an action, a stage, or a part of a sweep"))
        }
    }

    @Test func `push and pull take a part of a sweep`() {
        _ = project.bitlaw("run r.yaml -q")
        project.shell("mkdir there")
        let push = project.bitlaw("push r.yaml 'train[n=2]' --to there --unsigned")
        #expect(push.output.contains("pushed 4 results"), "\(push.output) \(push.error)")
        let pull = project.bitlaw(
            "pull r.yaml train --where 'n == 2 and replicate == 0' --from there --store new")
        #expect(pull.output.contains("2 results"), "\(pull.output) \(pull.error)")
        let tag = project.bitlaw("pull --tag x --where 'n == 2' --from there")
        #expect(tag.code == 2 && tag.error.contains("--where: expected an experiment file"))
    }

    @Test func `lock writes the lines of a part, and leaves the others as they are`() {
        _ = project.bitlaw("run r.yaml 'train[n=2]' -q")
        let part = project.bitlaw("lock r.yaml 'train[n=2]'")
        #expect(
            part.code == 0 && part.output == "r.yaml.lock: 4 actions, 4 outputs\n", "\(part.error)")
        _ = project.bitlaw("run r.yaml -q")
        #expect(project.bitlaw("lock r.yaml").code == 0)
        let whole = project.read("r.yaml.lock")
        project.write("r.yaml", sweep.replacing("echo ${seed}", with: "echo +${seed}"))
        _ = project.bitlaw("run r.yaml 'train[n=1]' -q")
        #expect(project.bitlaw("lock r.yaml 'train[n=1]'").code == 0)
        let changed = Set(project.read("r.yaml.lock").split(separator: "\n"))
        let gone = whole.split(separator: "\n").filter { !changed.contains($0) }
        #expect(gone.count == 4 && gone.allSatisfy { $0.contains("train[n=1,") }, "\(gone)")
    }

    @Test func `audit and report take a part of a sweep`() {
        _ = project.bitlaw("run r.yaml -q")
        let audit = project.bitlaw(
            "audit --unconfined r.yaml 'train[n=2,replicate=0]' --each-alone")
        #expect(
            audit.code == 0 && audit.output.contains("\n1 action made again:"), "\(audit.output)")
        let two = project.bitlaw("audit --unconfined r.yaml train --where 'n == 1'")
        #expect(two.code == 0 && two.output.contains("4 actions made again"), "\(two.output)")
        let report = project.bitlaw("report r.yaml 'train[n=2]'")
        #expect(report.code == 2 && report.error.contains("nothing that is named makes a page"))
    }

    @Test(arguments: [
        "run", "plan", "why", "status", "show", "export", "push --to x", "lock", "audit", "report",
    ])
    func `every command says what is missing and the nearest`(command: String) {
        project.shell("mkdir -p x")
        let words = command.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1]) : ""
        _ = project.bitlaw("run r.yaml 'data[n=1,replicate=0]' -q")
        let value = project.bitlaw("\(words[0]) r.yaml 'train[n=4]' \(rest)")
        #expect(value.code == 2, "\(value.error)")
        #expect(
            value.error.contains(
                "target `train[n=4]`, column 7: no value of `n` is 4\n"
                    + "  expected: n is one of 1, 2, 3\n  did you mean `n=3`?"), "\(value.error)")
        let axis = project.bitlaw("\(words[0]) r.yaml --where 'm <= 2' \(rest)")
        #expect(axis.code == 2 && axis.error.contains("no stage varies over `m`"), "\(axis.error)")
    }
}

/// What `plan` and `why` say of order, of files and of names.
@Suite struct ExplanationTests {
    private let project = Project()

    private func order(_ axis: String) -> String {
        """
        experiment: r
        seed: 1
        axes: {n: \(axis)}
        stages:
          a: {kind: command, over: [n], params: {run: [echo, "${n}"]}}
          b: {kind: command, inputs: {inputs: a}, params: {run: [sh, -c, "cat ${inputs.inputs}"]}}
        """
    }

    @Test func `another order of an axis is told as order, not as changed inputs`() {
        project.write("r.yaml", order("[10, 9, 1]"))
        _ = project.bitlaw("run r.yaml -q")
        project.write("r.yaml", order("[1, 9, 10]"))
        let plan = project.bitlaw("plan r.yaml").output
        #expect(
            plan.contains("run    b  the order of `inputs` changed (same contents)\n"), "\(plan)")
        let why = project.bitlaw("why r.yaml b").output
        #expect(why.contains("  - the order of `inputs` changed (same contents)\n"), "\(why)")
        #expect(!why.contains("a[n=1]"))
    }

    @Test func `a new point is one reason, and no other action is blamed`() {
        project.write("r.yaml", order("[9, 10]"))
        _ = project.bitlaw("run r.yaml -q")
        project.write("r.yaml", order("[1, 9, 10]"))
        _ = project.bitlaw("run r.yaml a -q --store other")
        let plan = project.bitlaw("plan r.yaml").output
        #expect(plan.contains("maybe  b  after a[n=1]"), "\(plan)")
        project.write("r.yaml", order("[9]"))
        let why = project.bitlaw("why r.yaml b").output
        #expect(why.contains("  - input inputs from (gone) n=10: "), "\(why)")
        #expect(why.split(separator: "\n").count { $0.hasPrefix("  - ") } == 1, "\(why)")
    }

    @Test func `a renamed axis moves coordinates, not contents`() {
        project.write("r.yaml", order("[9, 10]"))
        _ = project.bitlaw("run r.yaml -q")
        project.write(
            "r.yaml",
            """
            experiment: r
            seed: 1
            axes: {m: [9, 10]}
            stages:
              a: {kind: command, over: [m], params: {run: [echo, "${m}"]}}
              b: {kind: command, inputs: {inputs: a}, params: {run: [sh, -c, "cat ${inputs.inputs}"]}}
            """)
        let why = project.bitlaw("why r.yaml b").output
        #expect(
            why.contains(
                "  - the coordinates of `inputs` changed (same contents): n=9 → m=9 (and 1 more)"),
            "\(why)")
    }

    private let script = """
        experiment: s
        seed: 1
        stages:
          a: {kind: command, inputs: {inputs: "file:tool.sh"}, params: {run: [sh, "${inputs.inputs}"]}}
        """

    @Test func `a changed script is shown by the lines that changed`() {
        project.write("s.yaml", script)
        project.write("tool.sh", "echo one\necho two\n")
        _ = project.bitlaw("run s.yaml -q")
        project.write("tool.sh", "echo one\necho 2\necho three\n")
        let plan = project.bitlaw("plan s.yaml").output
        #expect(plan.contains("; 1 line removed, 2 lines added\n"), "\(plan)")
        let why = project.bitlaw("why s.yaml a").output
        #expect(
            why.contains(
                """
                      @@ -1,2 +1,3 @@
                       echo one
                      -echo two
                      +echo 2
                      +echo three

                """), "\(why)")
        // gc keeps the text that the last run read.
        _ = project.bitlaw("gc --keep-runs 1")
        #expect(project.bitlaw("why s.yaml a").output.contains("-echo two"))
    }

    @Test func `a long change says how many lines are not shown, a binary one that it is binary`() {
        project.write("s.yaml", script)
        project.write("tool.sh", (0..<50).map { "echo \($0)\n" }.joined())
        _ = project.bitlaw("run s.yaml -q")
        project.write("tool.sh", (0..<50).map { "echo +\($0)\n" }.joined())
        let why = project.bitlaw("why s.yaml a").output
        #expect(why.contains("      … and 81 more lines\n"), "\(why)")
        #expect(why.split(separator: "\n").count { $0.hasPrefix("      ") } == 21)
        project.write("tool.sh", "echo \u{0}\n")
        #expect(project.bitlaw("why s.yaml a").output.contains("; binary\n"))
        project.write("tool.sh", String(repeating: "#", count: 300_000))
        let large = project.bitlaw("why s.yaml a").output
        #expect(large.contains("; too large to compare: more than 262144 bytes\n"), "\(large)")
    }

    private func named(_ name: String, _ run: String) -> String {
        """
        experiment: s
        seed: 1
        axes: {n: [1, 2], r: {count: 2}}
        stages:
          \(name): {kind: command, over: [n, r], params: {run: [echo, "\(run)"]}}
          one: {kind: command, inputs: {inputs: \(name)}, params: {run: [sh, -c, "cat ${inputs.inputs}"]}}
        """
    }

    @Test func `a stage whose program is given no seed is renamed for nothing`() {
        project.write("s.yaml", named("old", "${n}"))
        _ = project.bitlaw("run s.yaml -q")
        project.write("s.yaml", named("new", "${n}"))
        #expect(project.bitlaw("plan s.yaml").output.hasSuffix("5 cached, 0 to run, 0 maybe\n"))
        let why = project.bitlaw("why s.yaml 'new[n=1,r=0]'").output
        #expect(
            why.contains(
                "nothing changed but the name: the last run had the same key as `old[n=1,r=0]`"),
            "\(why)")
    }

    @Test func `a program that is given no seed has none in its key, but replicates stay apart`()
        throws
    {
        project.write("s.yaml", named("old", "${n}"))
        func seeds(_ target: String) throws -> [JSON?] {
            try project.bitlaw("show s.yaml '\(target)' --json").output.split(separator: "\n").map {
                try JSON(parsing: String($0))["seed"]
            }
        }
        #expect(try seeds("one") == [.null])
        let two = try seeds("old[n=1]")
        #expect(two.count == 2 && two[0] != two[1] && !two.contains(.null))
        _ = project.bitlaw("run s.yaml -q")
        #expect(
            Set(try project.digests().split(separator: "\n").map { $0.split(separator: " ")[1] })
                .count == 5)
    }

    @Test func `where a renamed stage draws random numbers, stream is suggested, and it helps`() {
        project.write("s.yaml", named("old", "${n} ${seed}"))
        _ = project.bitlaw("run s.yaml -q")
        let renamed = named("new", "${n} ${seed}")
        project.write("s.yaml", renamed)
        let why = project.bitlaw("why s.yaml 'new[n=2,r=1]'").output
        #expect(
            why.contains(
                "  - `old` of the last run differs in nothing but the seed, which follows from the "
                    + "stage's name: write `stream: old` in `new` to use its results\n"), "\(why)")
        #expect(project.bitlaw("plan s.yaml").output.contains("write `stream: old` in `new`"))
        project.write(
            "s.yaml",
            renamed.replacing("new: {kind: command,", with: "new: {kind: command, stream: old,"))
        #expect(project.bitlaw("plan s.yaml").output.hasSuffix("5 cached, 0 to run, 0 maybe\n"))
        // A stage that draws other numbers for another reason gets no such advice.
        project.write("s.yaml", renamed.replacing("seed: 1", with: "seed: 2"))
        #expect(!project.bitlaw("plan s.yaml").output.contains("stream"))
    }
}
