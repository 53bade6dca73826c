import Canon
import LocalStore
import Testing

/// A collector whose input is `partial: true` goes on with what ended well.
@Suite struct PartialTests {
    /// Trainings of which the third diverges, and a law over what they measured.
    private let diverging = """
        experiment: diverging
        seed: 1
        axes:
          n: [100, 200, 400, 800, 1600, 3200]
        stages:
          train:
            kind: command
            over: [n]
            params: {run: [sh, -c, "test ${n} != 400 || exit 9; awk 'BEGIN {printf \\"n,error\\\\n%d,%.9f\\\\n\\", ${n}, 2 + 30 / sqrt(${n})}'"]}
          all:
            kind: command
            inputs: {inputs: {stage: train, partial: true}}
            params: {run: [sh, -c, "for f in ${inputs.inputs}; do tail -n 1 $f; done"]}
          next:
            kind: command
            inputs: {inputs: all}
            params: {run: [wc, -l, "${inputs.inputs}"]}

        """

    private func project(_ text: String? = nil) -> Project {
        let project = Project()
        project.write("pipelines/d.yaml", text ?? diverging)
        return project
    }

    @Test func `one diverged training does not block what collects the others`() throws {
        let project = project()
        let outcome = project.bitlaw("run pipelines/d.yaml -j2")
        #expect(outcome.code == 1, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("7 ran, 1 failed in "), "\(outcome.output)")
        #expect(outcome.error.contains("failed: train[n=400]: sh ended with exit code 9\n"))
        #expect(
            outcome.error.contains("partial: all goes on without train[n=400]: no result\n"),
            "\(outcome.error)")
        // 2 + 30/√n of the five that ended well, computed here by hand.
        #expect(
            project.bitlaw("show pipelines/d.yaml all --output out").output
                == "100,5.000000000\n200,4.121320344\n800,3.060660172\n1600,2.750000000\n"
                + "3200,2.530330086\n")
        let shown = project.bitlaw("show pipelines/d.yaml all").output
        #expect(shown.contains("  without  train[n=400], which gave no result\n"), "\(shown)")
        #expect(!shown.contains("← train[n=400]"))
        #expect(
            project.bitlaw("why pipelines/d.yaml all").output.contains(
                "  - made without train[n=400], which gave no result\n"))
        #expect(
            project.bitlaw("status pipelines/d.yaml").output.contains(
                "all    1/1 cached  1 partial\n"))
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let run = try #require(try store.runNames().first.flatMap { try store.run($0) })
        let all = run["actions"]?.elements?.first { $0["name"] == "all" }
        #expect(all?["without"] == ["train[n=400]"])
        #expect(run["outcome"] == "failed")
    }

    @Test func `the same failure again finds the collector cached, and says that it is partial`() {
        let project = project()
        _ = project.bitlaw("run pipelines/d.yaml")
        let plan = project.bitlaw("plan pipelines/d.yaml").output
        #expect(plan.contains("run    train[n=400]  "), "\(plan)")
        #expect(
            plan.contains(
                "partial all  cached without train[n=400]; runs again if one of them gives a result\n"
            ),
            "\(plan)")
        let again = project.bitlaw("run pipelines/d.yaml")
        #expect(again.code == 1)
        #expect(again.output.hasPrefix("0 ran, 7 cached, 1 failed in "), "\(again.output)")
        #expect(again.error.contains("partial: all goes on without train[n=400]: no result\n"))
    }

    @Test func `once the missing one ends well the collector runs again with all`() {
        let project = project()
        _ = project.bitlaw("run pipelines/d.yaml")
        project.write(
            "pipelines/d.yaml", diverging.replacing("test ${n} != 400 || exit 9; ", with: ""))
        let outcome = project.bitlaw("run pipelines/d.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(!outcome.error.contains("partial"))
        #expect(project.bitlaw("show pipelines/d.yaml next --output out").output.hasPrefix("6 "))
    }

    @Test func `where nothing ended well the collector is skipped, with that reason`() {
        let project = project(diverging.replacing("test ${n} != 400", with: "false"))
        let outcome = project.bitlaw("run pipelines/d.yaml")
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("0 ran, 6 failed, 2 skipped in "), "\(outcome.output)")
        #expect(
            outcome.error.contains(
                "all is skipped: a partial input of it has nothing left, for train[n=100], "
                    + "train[n=200], train[n=400], train[n=800], train[n=1600], and 1 more gave no "
                    + "result"), "\(outcome.error)")
    }

    @Test func `an input that is not partial still stops its reader`() {
        let project = project(
            diverging.replacing(
                "inputs: {inputs: {stage: train, partial: true}}",
                with: "inputs: {inputs: [{stage: train, partial: true}, train]}"))
        let outcome = project.bitlaw("run pipelines/d.yaml")
        #expect(outcome.output.hasPrefix("5 ran, 1 failed, 2 skipped in "), "\(outcome.output)")
    }

    @Test func `lock, audit, bundle and pull take a partial collector for what it is`() {
        let project = project()
        project.write("bitlaw.yaml", "remotes:\n  shelf: {path: shelf}\n")
        #expect(project.bitlaw("trust --yes").code == 0)
        _ = project.bitlaw("run pipelines/d.yaml")
        let lock = project.bitlaw("lock pipelines/d.yaml")
        #expect(lock.code == 0, "\(lock.error)")
        #expect(project.read("pipelines/d.yaml.lock").contains("# without train[n=400]\n"))
        #expect(!project.read("pipelines/d.yaml.lock").contains("action - "))
        for options in ["", " --each-alone", " --against pipelines/d.yaml.lock"] {
            let audit = project.bitlaw("audit --unconfined pipelines/d.yaml\(options)")
            #expect(audit.code == 0, "\(audit.error)\(audit.output)")
            #expect(
                audit.output.hasSuffix(
                    "train[n=400]: no result, a partial input left it out\n"
                        + "7 actions made again: every output bit-identical\n"), "\(audit.output)")
        }
        let bundle = project.bitlaw("bundle create pipelines/d.yaml --to b.tar --license MIT")
        #expect(bundle.code == 0, "\(bundle.error)")
        let verified = project.bitlaw("bundle verify b.tar")
        #expect(verified.code == 0, "\(verified.error)\(verified.output)")
        #expect(
            verified.output.contains(
                "1 action has no result, and partial inputs left them out: train[n=400]"),
            "\(verified.output)\(verified.error)")
        #expect(project.bitlaw("push pipelines/d.yaml --to shelf").code == 0)
        project.shell("rm -rf .cache")
        let pull = project.bitlaw("pull pipelines/d.yaml --from shelf")
        #expect(pull.output.contains("7 results"), "\(pull.output)\(pull.error)")
        #expect(project.bitlaw("show pipelines/d.yaml next --output out").output.hasPrefix("5 "))
    }

    @Test func `a law is fitted to the points that there are`() {
        let project = project(
            diverging.replacing("n,error\\", with: "size,error\\") + """
                  law:
                    kind: law.fit
                    inputs: {points: {stage: train, partial: true}}
                    params: {x: size, y: error, form: power-law-with-floor, bootstrap: 10}

                """)
        let outcome = project.bitlaw("run pipelines/d.yaml")
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("\nlaw: "), "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("partial: law goes on without train[n=400]"))
    }

    @Test(arguments: [
        ("{stage: train, partial: yes}", "12:46: error: `partial` is the text \"yes\""),
        ("{stage: train, partial: true, also: 1}", "12:52: error: unknown key `also`"),
        ("{partial: true}", "12:22: error: an input without its `stage`"),
        ("{stage: trian, partial: true}", "12:30: error: unknown stage `trian`"),
        ("{stage: train/bits, partial: true}", "12:30: error: stage `train` has no output `bits`"),
    ])
    func `a mistake in the long form of an input is told at its place`(
        input: String, expected: String
    ) {
        let project = project(diverging.replacing("{stage: train, partial: true}", with: input))
        let outcome = project.bitlaw("plan pipelines/d.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains(expected), "\(outcome.error)")
    }

    @Test func `an input that takes one action cannot be partial`() {
        let project = Project()
        project.write(
            "pipelines/one.yaml",
            """
            experiment: one
            seed: 1
            stages:
              points: {kind: command, params: {run: [echo, x]}}
              law:
                kind: law.allocate
                inputs: {law: {stage: points, partial: true}}

            """)
        let outcome = project.bitlaw("plan pipelines/one.yaml")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains(
                "7:44: error: input `law` takes one action, which cannot be partial"),
            "\(outcome.error)")
    }
}
