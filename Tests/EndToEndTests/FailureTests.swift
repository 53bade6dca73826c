import Canon
import LocalStore
import Testing

/// One action that goes wrong in any way is one failed action.
@Suite struct FailureTests {
    /// Twelve actions of one program, and what reads them.
    private func project(_ name: String, params: String, readers: String = "") -> Project {
        let project = Project()
        project.write(
            "pipelines/\(name).yaml",
            """
            experiment: \(name)
            seed: 1
            axes:
              n: {count: 12}
            stages:
              t:
                kind: command
                over: [n]
                params: {\(params)}
            \(readers)
            """)
        return project
    }

    /// Twelve actions and a reader for each; the fourth does something else with its output.
    private func project(_ wrong: String) -> Project {
        project(
            "abort",
            params:
                "run: [sh, -c, \"if [ ${n} = 3 ]; then \(wrong); else echo ${n} > ${outputs.out}; fi\"], "
                + "outputs: {out: out}",
            readers: """
                  u:
                    kind: command
                    over: [n]
                    inputs: {inputs: t}
                    params: {run: [cat, "${inputs.inputs}"]}

                """)
    }

    @Test(arguments: [
        ("mkdir ${outputs.out}", "a folder"), ("mkfifo ${outputs.out}", "a pipe"),
        (
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\\\"out\\\")'",
            "a socket"
        ),
        ("ln -s /dev/zero ${outputs.out}", "a link to /dev/zero, which is none of what sh wrote"),
    ])
    func `an output that is no file is the failure of that action alone`(
        wrong: String, found: String
    ) throws {
        let project = project(wrong)
        let outcome = project.bitlaw("run pipelines/abort.yaml -j2")
        #expect(outcome.code == 1, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("22 ran, 1 failed, 1 skipped in "), "\(outcome.output)")
        let (wanted, fix) =
            found.hasPrefix("a link")
            ? ("a file out", "write a copy there (cp -L)")
            : (
                "a plain file",
                "write one file there; a folder is declared with a `/` at its end: outputs: {NAME: FOLDER/}"
            )
        #expect(
            outcome.error.contains(
                "failed: t[n=3]: output `out`: expected \(wanted), found \(found)\n  fix: \(fix)\n"),
            "\(outcome.error)")
        #expect(project.bitlaw("status pipelines/abort.yaml").output.contains("  failed  "))
    }

    @Test func `actions that fail alike are told once, with how many they are`() throws {
        let project = project(
            "alike",
            params: "run: [sh, -c, \"test ${n} = 7 && echo other >&2; echo no room >&2; exit 3\"]")
        let run = project.bitlaw("run pipelines/alike.yaml -j1")
        #expect(run.code == 1)
        let lines = run.error.split(separator: "\n").map(String.init)
        let first = lines.filter { $0.hasPrefix("failed: ") }
        #expect(first.count { $0.contains("exit code 3") } == 2, "\(run.error)")
        #expect(first.count { $0.hasSuffix(": as t[n=0] did") } == 3, "\(run.error)")
        #expect(
            lines.filter { $0.hasPrefix("failed as t[n=0] did: 7 more actions, t[n=4], ") }.count
                == 1,
            "\(run.error)")
        #expect(lines.count { $0.hasSuffix("| no room") } == 2)
        let events = project.bitlaw("run pipelines/alike.yaml -j1 --json").output
        #expect(events.split(separator: "\n").count { $0.contains("\"event\":\"failed\"") } == 12)
    }

    @Test func `an input file that is gone when its reader begins fails that reader alone`() {
        let project = Project()
        project.write("data.txt", "1\n")
        project.write(
            "pipelines/gone.yaml",
            """
            experiment: gone
            seed: 1
            stages:
              first: {kind: command, params: {run: [sh, -c, "rm '\(project.path)/data.txt'; echo 1"]}}
              second: {kind: command, inputs: {inputs: [first, "file:data.txt"]}, params: {run: [cat, "${inputs.inputs}"]}}
              third: {kind: command, inputs: {inputs: first}, params: {run: [cat, "${inputs.inputs}"]}}

            """)
        let outcome = project.bitlaw("run pipelines/gone.yaml -j1")
        #expect(outcome.code == 1, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("2 ran, 1 failed in "), "\(outcome.output)")
        #expect(outcome.error.contains("failed: second: "))
        #expect(outcome.error.contains("data.txt: cannot open: No such file or directory"))
    }

    @Test func `what a program leaves beside its output does not reach the next action`() {
        let project = project(
            "rm -f ../.log ../.output; mkfifo ../.log ../.output; mkdir a; touch a/b; "
                + "chmod 555 a .; echo 3 > ${outputs.out}")
        let outcome = project.bitlaw("run pipelines/abort.yaml -j1")
        #expect(outcome.output.hasPrefix("24 ran in "), "\(outcome.output)\(outcome.error)")
    }

    @Test func `a run that broke off is recorded as failed, and gc keeps the run before it`() throws
    {
        let project = project("true > ${outputs.out}")
        #expect(project.bitlaw("run pipelines/abort.yaml").code == 0)
        project.write(
            "pipelines/abort.yaml",
            project.read("pipelines/abort.yaml").replacing(
                "true > ${outputs.out}",
                with:
                    "sleep 0.5; rm -rf '\(project.path)/.cache/cas'; touch '\(project.path)/.cache/cas'; "
                    + "echo 4 > ${outputs.out}"))
        // The store itself breaks, once what ended before is on the disk: this does end the run.
        project.shell("cp -r .cache whole")
        #expect(project.bitlaw("run pipelines/abort.yaml -j1").code == 3)
        do {
            let store = try Store.open("\(project.path)/whole", creating: false)
            let record = project.shell("cp .cache/runs/*.json whole/runs/")
            #expect(record == 0)
            let newest = try #require(try store.runNames().first)
            #expect(try store.run(newest)?["outcome"] == "failed")
        }
        #expect(project.bitlaw("gc --keep-runs 1 --store whole").code == 0)
        project.write(
            "pipelines/abort.yaml",
            project.read("pipelines/abort.yaml").replacing(
                "sleep 0.5; rm -rf '\(project.path)/.cache/cas'; touch '\(project.path)/.cache/cas'; "
                    + "echo 4 > ${outputs.out}", with: "true > ${outputs.out}"))
        let again = project.bitlaw("run pipelines/abort.yaml --store whole")
        #expect(again.output.hasPrefix("0 ran, 24 cached in "), "\(again.output)\(again.error)")
    }

    @Test func `gc does not let a run of one stage push the whole run out`() {
        let project = project("true > ${outputs.out}")
        _ = project.bitlaw("run pipelines/abort.yaml")
        project.write(
            "pipelines/abort.yaml", project.read("pipelines/abort.yaml") + "# a later edit\n")
        _ = project.bitlaw("run pipelines/abort.yaml 't[n=1]'")
        #expect(project.bitlaw("gc --keep-runs 1").output.hasPrefix("removed 0 runs, 0 results"))
        #expect(project.bitlaw("gc --keep-runs 0").output.hasPrefix("removed 2 runs, 24 results"))
    }
}
