import Canon
import LocalStore
import TestSupport
import Testing

/// What a store that came from somebody, a kill, a reader that goes away and a full disk may not do.
@Suite(.serialized) struct StoreSafetyTests {
    private func project() -> Project {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        return project
    }

    @Test(arguments: ["quarantine", "tmp", "checkpoints", "signatures", "cas"])
    func `a checkout whose store has a link empties no folder of mine`(name: String) {
        let project = project()
        project.shell("mkdir -p precious/attempt-1; echo thesis > precious/attempt-1/thesis.tex")
        project.shell("touch precious/attempt-1.lock precious/draft-1")
        #expect(project.bitlaw("run pipelines/many.yaml").code == 0)
        project.shell("rm -rf .cache/\(name); ln -s ../precious .cache/\(name)")
        for command in [
            "gc", "gc -n", "run pipelines/many.yaml", "status pipelines/many.yaml",
            "plan pipelines/many.yaml",
        ] {
            let outcome = project.bitlaw(command)
            #expect(outcome.code == 3, "\(command)")
            #expect(
                outcome.error.contains(
                    ".cache/\(name): expected a folder of the store, found a link\n  fix: remove the link"
                ),
                "\(command): \(outcome.error)")
        }
        #expect(project.shell("ls precious/draft-1 precious/attempt-1/thesis.tex >/dev/null") == 0)
    }

    @Test func `a program that leaves 3000 nested folders ends well, and nothing stays of it`() {
        let project = Project()
        project.write(
            "pipelines/d.yaml",
            """
            experiment: d
            seed: 1
            axes: {i: {count: 3}}
            stages:
              a:
                kind: command
                over: [i]
                params: {run: [python3, -c, "import os\\nfor i in range(3000):\\n  os.mkdir('a'*50); os.chdir('a'*50)\\nprint(${i})"]}
            """)
        let outcome = project.bitlaw("run pipelines/d.yaml -j1")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("3 ran in "))
        #expect(project.bitlaw("gc").code == 0)
        #expect(project.shell("test -z \"$(ls .cache/tmp)\"") == 0)
    }

    @Test func `gc keeps what a killed run finished, from its first second on`() {
        let project = Project()
        project.write(
            "pipelines/g.yaml",
            """
            experiment: g
            seed: 1
            axes: {i: {count: 6}}
            stages:
              a: {kind: command, over: [i], params: {run: [sh, -c, "echo x >> '\(project.path)/began'; test ${i} -lt 3 || test -e '\(project.path)/go' || sleep 30; echo ${i}"]}}
            """)
        project.shell(
            "'\(Project.command)' run pipelines/g.yaml -j1 -q >/dev/null 2>&1 & engine=$!; "
                + "while test $(cat began 2>/dev/null | wc -l) -lt 4; do sleep 0.01; done; "
                + "kill -9 $engine; wait $engine 2>/dev/null; true")
        let plan = project.bitlaw("gc -n")
        #expect(plan.output.contains("would also remove 1 folder of a killed action"))
        let outcome = project.bitlaw("gc --keep-runs 1")
        #expect(outcome.code == 0 && outcome.output.hasPrefix("removed 0 runs, 0 results, 0 blobs"))
        project.write("go", "")
        #expect(project.bitlaw("run pipelines/g.yaml").output.hasPrefix("3 ran, 3 cached in "))
        #expect(
            project.shell("ls .cache/runs/*.begun >/dev/null") == 0, "until a run takes its place")
        #expect(project.bitlaw("gc --keep-runs 1").output.hasPrefix("removed 1 run, 0 results"))
    }

    @Test func `kill -9 within gc leaves a store that is whole`() throws {
        let project = project()
        #expect(project.bitlaw("run pipelines/many.yaml").code == 0)
        let expected = try project.digests()
        project.write("pipelines/more.yaml", manyCells.replacing("seed: 1", with: "seed: 2"))
        for round in 0..<trials(20) {
            #expect(project.bitlaw("run pipelines/more.yaml -q").code == 0)
            project.shell("rm .cache/runs/$(ls -t .cache/runs | head -1)")
            project.shell(
                "'\(Project.command)' gc >/dev/null 2>&1 & gc=$!; sleep 0.0\(round % 10); "
                    + "kill -9 $gc 2>/dev/null; wait $gc 2>/dev/null; true")
        }
        let report = project.bitlaw("verify --json")
        #expect(report.code == 0 && report.output.contains("\"incomplete\":[]"))
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        #expect(try project.digests() == expected)
    }

    @Test(arguments: ["--json", "2>&1"])
    func `a run whose reader goes away is recorded as interrupted, with exit code 141`(how: String)
        throws
    {
        let project = project()
        let code = project.shell(
            "{ '\(Project.command)' run pipelines/many.yaml -j1 \(how); echo $? > code; } | head -1 >/dev/null; exit $(cat code)"
        )
        #expect(code == 141)
        let store = try Store.open("\(project.path)/.cache")
        let name = try #require(try store.runNames().first)
        #expect(try store.run(name)?["outcome"] == "interrupted")
        #expect(project.shell("test -z \"$(ls .cache/tmp)\"") == 0)
        #expect(project.bitlaw("run pipelines/many.yaml").code == 0)
    }

    @Test(arguments: ["schema", "status pipelines/many.yaml", "run pipelines/many.yaml"])
    func `output that cannot be written is told on the other stream, with exit code 3`(
        command: String
    ) {
        let project = project()
        _ = project.bitlaw("run pipelines/many.yaml -q")
        let code = project.shell("'\(Project.command)' \(command) >/dev/full 2>told")
        #expect(code == 3)
        #expect(
            project.read("told").contains(
                "error: standard output: cannot write: No space left on device\n  fix: "))
    }

    @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
    func `a run without standard streams writes no text into the store`(closed: String) throws {
        let project = project()
        let code = project.shell(
            "'\(Project.command)' run pipelines/many.yaml --store st \(closed)")
        #expect(code == 0)
        #expect(project.shell("test -z \"$(find st/locks -type f -size +0)\"") == 0)
        #expect(project.shell("test -z \"$(ls st/tmp)\"") == 0)
        #expect(try project.digests("st").split(separator: "\n").count == 25)
    }

    @Test func `show gives the end of a large log, in bounded memory`() {
        let project = Project()
        project.write(
            "pipelines/l.yaml",
            """
            experiment: l
            seed: 1
            stages:
              a: {kind: command, params: {run: [sh, -c, "yes | head -c 200000000 >&2; echo the end >&2; echo hi"]}, limits: {log: 1GiB}}
            """)
        #expect(project.bitlaw("run pipelines/l.yaml").code == 0)
        let outcome = project.bitlaw("show pipelines/l.yaml a")
        #expect(outcome.code == 0)
        #expect(outcome.output.hasSuffix("    | y\n    | the end\n"))
        #expect(outcome.output.contains("    | … 199 MB before; all: zstd -dc '"))
        // 150 MB of address space beside what the program has anyway.
        let bounded = project.shell(
            "ulimit -v 400000; '\(Project.command)' show pipelines/l.yaml a --json >json 2>/dev/null"
        )
        #expect(bounded == 0)
    }

    @Test func `gc waits for a run that ends, and a run waits for gc`() {
        let project = project()
        let code = project.shell(
            "'\(Project.command)' run pipelines/many.yaml -q & run=$!; "
                + "while ! test -e .cache/locks/store.lock; do sleep 0.01; done; "
                + "'\(Project.command)' gc >out 2>&1 && '\(Project.command)' run pipelines/many.yaml -q && wait $run"
        )
        #expect(code == 0, "\(project.read("out"))")
        let usage = project.bitlaw("gc --wait -1")
        #expect(usage.code == 2)
    }
}
