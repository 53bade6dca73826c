import Canon
import System
import Testing

@Suite struct CommandTests {
    private func project() -> Project {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        return project
    }

    @Test func `a second run executes nothing, and an undone edit is restored from history`() {
        let project = project()
        let first = project.bitlaw("run pipelines/many.yaml -j2")
        #expect(first.code == 0, "\(first.error)")
        #expect(first.output.hasPrefix("25 ran in "))
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        project.write("pipelines/many.yaml", manyCells.replacing("echo next", with: "echo then"))
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("13 ran, 12 cached in "))
        project.write("pipelines/many.yaml", manyCells)
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
    }

    @Test func `equal bytes stop the wave of changes`() {
        let project = project()
        _ = project.bitlaw("run pipelines/many.yaml")
        // Another recipe for the same bytes: what reads them is not executed again.
        project.write(
            "pipelines/many.yaml",
            manyCells.replacing(
                "cat ${inputs.inputs}; echo next", with: "cat ${inputs.inputs} && echo next"))
        let outcome = project.bitlaw("run pipelines/many.yaml")
        #expect(outcome.output.hasPrefix("12 ran, 13 cached in "), "\(outcome.error)")
    }

    @Test func `a mistake in the file exits with 2 before anything runs`() {
        let project = project()
        project.write(
            "pipelines/many.yaml", manyCells.replacing("inputs: next", with: "inputs: nxt"))
        let outcome = project.bitlaw("run pipelines/many.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.error.hasPrefix("pipelines/many.yaml:17:22: error: unknown stage `nxt`"))
        #expect(outcome.error.contains("did you mean `next`?"))
        #expect(project.shell("test ! -e .cache") == 0)
    }

    @Test(arguments: [
        ("run", 2), ("run none.yaml", 2), ("frobnicate", 2),
        ("run pipelines/many.yaml --jobz 3", 2),
        ("run pipelines/many.yaml cel", 2), ("kinds spiral.sampel", 2), ("--help", 0),
        ("--version", 0),
        ("run pipelines/many.yaml --store /proc/nowhere", 3), ("verify --store none", 3),
        ("run pipelines/many.yaml --also none", 3), ("why pipelines/many.yaml none", 2),
    ])
    func `exit codes are those of the manual`(arguments: String, code: Int) {
        let outcome = project().bitlaw(arguments)
        #expect(outcome.code == CInt(code), "\(outcome.error)")
        #expect(code == 0 || !outcome.error.isEmpty)
    }

    @Test func `a failed action keeps its log, stops what needs it and nothing else`() {
        let project = project()
        project.write(
            "pipelines/many.yaml",
            manyCells.replacing(
                "echo cell ${i} ${seed}", with: "echo about to fail ${i} >&2; test ${i} != 3"))
        let outcome = project.bitlaw("run pipelines/many.yaml -j2")
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("22 ran, 1 failed, 2 skipped in "))
        #expect(
            outcome.error.contains(
                "failed: cell[i=3]: sh ended with exit code 1\n    | about to fail 3\n"))
        #expect(outcome.error.contains("look deeper: bitlaw log pipelines/many.yaml 'cell[i=3]'"))
    }

    @Test func `only declared exit codes are tried again`() {
        let project = Project()
        project.write(
            "pipelines/r.yaml",
            """
            experiment: r
            seed: 1
            stages:
              a:
                kind: command
                retry: {times: 3, on: [exit 75]}
                params: {run: [sh, -c, "echo x >> '\(project.path)/tries'; test $(wc -l < '\(project.path)/tries') -ge 3 || exit 75; echo done"]}
              b:
                kind: command
                params: {run: [sh, -c, "echo x >> '\(project.path)/others'; exit 74"]}
            """)
        #expect(project.bitlaw("run pipelines/r.yaml").code == 1)
        #expect(project.read("tries") == "x\nx\nx\n")
        #expect(project.read("others") == "x\n")
    }

    @Test func `past its time or memory limit the whole tree of an action is killed`() {
        let project = Project()
        project.write(
            "pipelines/l.yaml",
            """
            experiment: l
            seed: 1
            stages:
              slow:
                kind: command
                limits: {time: 0.5}
                params: {run: [sh, -c, "(sleep 60; echo orphan > '\(project.path)/orphan') & sleep 61.734"]}
              big:
                kind: command
                limits: {memory: 200MB}
                params: {run: [python3, -c, "x = b'x' * 600000000; import time; time.sleep(60)"]}
            """)
        let outcome = project.bitlaw("run pipelines/l.yaml -j2")
        #expect(outcome.code == 1)
        #expect(
            outcome.error.contains(
                "failed: slow: stopped after 0.5 s, its limit; raise `limits: {time: …}` of stage `slow`"
            ))
        #expect(outcome.error.contains("failed: big: stopped at "))
        #expect(
            outcome.error.contains(
                "its limit is 200 MB; raise `limits: {memory: …}` of stage `big`"))
        #expect(project.shell("pgrep -f 'sleep 61[.]734' >/dev/null") != 0)
    }

    @Test func `every JSON that a command prints is JSON`() throws {
        let project = project()
        let run = project.bitlaw("run pipelines/many.yaml --json")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.count > 26)
        for line in lines { _ = try JSON(parsing: line) }
        #expect(try JSON(parsing: lines[lines.count - 1])["ran"] == 25)
        for command in [
            "plan pipelines/many.yaml", "why pipelines/many.yaml sum", "status pipelines/many.yaml",
            "show pipelines/many.yaml sum", "export pipelines/many.yaml sum --to x",
            "audit --unconfined pipelines/many.yaml",
            "verify", "gc -n", "kinds", "kinds law.fit", "doctor",
        ] {
            let outcome = project.bitlaw(command + " --json")
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
            for line in outcome.output.split(separator: "\n") {
                _ = try JSON(parsing: String(line))
            }
        }
        _ = try JSON(parsing: project.bitlaw("schema").output)
    }

    @Test func `plan and why say what would run and which field differs`() {
        let project = project()
        #expect(
            project.bitlaw("plan pipelines/many.yaml").output.hasSuffix(
                "0 cached, 12 to run, 13 maybe\n"))
        _ = project.bitlaw("run pipelines/many.yaml")
        #expect(
            project.bitlaw("plan pipelines/many.yaml").output.hasPrefix(
                "25 cached, 0 to run, 0 maybe"))
        project.write("pipelines/many.yaml", manyCells.replacing("seed: 1", with: "seed: 2"))
        let why = project.bitlaw("why pipelines/many.yaml 'cell[i=0]'").output
        #expect(why.contains("  - seed: 0x"))
        #expect(
            project.bitlaw("why pipelines/many.yaml sum").output.contains(
                "reads next[i=0], which has to run first"))
        project.write("pipelines/many.yaml", manyCells.replacing("echo cell", with: "echo Cell"))
        #expect(
            project.bitlaw("why pipelines/many.yaml 'cell[i=0]'").output
                .contains(
                    "parameter run: [\"sh\",\"-c\",\"echo cell 0 ${seed}\"] → [\"sh\",\"-c\",\"echo Cell 0 ${seed}\"]"
                ))
    }

    @Test func `two people who share a folder skip each other's work`() {
        let (mine, yours) = (project(), project())
        _ = mine.bitlaw("run pipelines/many.yaml")
        let run = yours.bitlaw("run pipelines/many.yaml --also '\(mine.path)/.cache'")
        #expect(run.output.hasPrefix("0 ran, 25 cached in "))
        mine.shell("rm -rf .cache")
        #expect(yours.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        #expect(yours.bitlaw("verify").output.hasSuffix("0 damaged\n"))
        let fourth = project()
        let plan = fourth.bitlaw("plan pipelines/many.yaml --also '\(yours.path)/.cache'")
        #expect(plan.output.hasPrefix("25 of the cached in \(yours.path)/.cache\n25 cached"))
        let third = project()
        third.write("bitlaw.yaml", "stores: ['\(yours.path)/.cache']\n")
        let own = "BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG='\(third.path)/config'"
        #expect(third.bitlaw("trust --yes", environment: own).code == 0)
        #expect(
            third.bitlaw("run pipelines/many.yaml", environment: own).output.hasPrefix(
                "0 ran, 25 cached in "))
    }

    @Test func `an audit finds what was changed behind our back`() {
        let project = Project()
        project.write("truth", "1")
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              a: {kind: command, params: {run: [cat, "\(project.path)/truth"]}}
              b: {kind: command, inputs: {inputs: a}, params: {run: [cat, "${inputs.inputs}"]}}
            """)
        _ = project.bitlaw("run pipelines/a.yaml")
        let good = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(good.code == 0)
        #expect(
            good.output == Project.notConfined
                + "2 actions made again: every output bit-identical\n")
        project.write("truth", "2")
        let bad = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(bad.code == 4)
        #expect(bad.output.hasPrefix("differs: a/out (command/3)\n  expected: 6b86b273"))
        #expect(bad.output.hasSuffix("2 outputs differ in 2 actions\n"))
    }

    @Test func `an input file that changes under an action is noticed, and the result is not kept`()
    {
        let project = Project()
        project.write("data", "before")
        project.write(
            "pipelines/f.yaml",
            """
            experiment: f
            seed: 1
            stages:
              a: {kind: command, inputs: {inputs: "file:data"}, params: {run: [sh, -c, "cat ${inputs.inputs}; echo after > '\(project.path)/data'"]}}
            """)
        let outcome = project.bitlaw("run pipelines/f.yaml")
        #expect(outcome.code == 1)
        #expect(
            outcome.error.contains(
                "data changed while the action read it; the result is not kept, run again"))
        #expect(project.bitlaw("plan pipelines/f.yaml").output.contains("1 to run"))
    }

    @Test
    func `damaged blobs are made again by their recipes, all of them, without being asked to`()
        throws
    {
        let project = project()
        _ = project.bitlaw("run pipelines/many.yaml")
        let before = try project.digests()
        project.shell("chmod -R u+w .cache; for f in .cache/cas/*/*; do printf x >> $f; done")
        // Nothing is read, so nothing is noticed, until something is shown or read.
        let shown = project.bitlaw("show pipelines/many.yaml sum --output out")
        #expect(shown.code == 3)
        #expect(shown.error.contains("found none (a damaged one is kept under quarantine/)"))
        #expect(shown.error.contains("fix: bitlaw run makes it again"))
        // The sum is gone now: making it reads twelve damaged blobs, which read twelve more.
        let again = project.bitlaw("run pipelines/many.yaml -j1")
        #expect(again.code == 0, "\(again.error)")
        #expect(again.output.hasPrefix("25 ran in "))
        #expect(again.error.contains("[23/25] next[i=0]  again: its stored output c3137c253503"))
        #expect(again.error.contains("[25/25] sum"))
        #expect(try project.digests() == before)
        let sum = project.bitlaw("show pipelines/many.yaml sum --output out").output
        #expect(sum.hasPrefix("cell 0 "))
        // What was stored again, the descriptions of keys too, took the place of what was damaged.
        #expect(project.bitlaw("verify").code == 0)
        #expect(project.bitlaw("verify").output.hasSuffix("0 damaged\n"))
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
    }

    @Test func `a command sees the same plain paths in every attempt, store and project`() {
        let project = Project()
        project.write("my data", "x\n")
        project.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              a: {kind: command, params: {run: [echo, one]}}
              b:
                kind: command
                inputs: {inputs: [a, "file:my data"]}
                params: {run: "wc -l ${inputs.inputs}; cat ${inputs.inputs}; echo ${outputs.out} > ${outputs.out}; cat ${outputs.out}", outputs: {out: made/out}}
              c:
                kind: command
                inputs: {inputs: [a, "file:my data"]}
                params: {run: [wc, -l, "${inputs.inputs}"]}
            """)
        #expect(project.bitlaw("run pipelines/p.yaml").code == 0)
        let told = "1 inputs/inputs/0/out\n1 inputs/inputs/1/my data\n2 total\n"
        let output = project.bitlaw("show pipelines/p.yaml c --output out").output
        #expect(output.replacing("  ", with: "").replacing(" 1 ", with: "1 ") == told)
        #expect(project.bitlaw("show pipelines/p.yaml b --output out").output == "made/out\n")
        #expect(project.bitlaw("show pipelines/p.yaml b").output.contains("| one\n    | x\n"))
    }

    @Test func `what a command leaves running ends with its action, and writes into no other`() {
        let project = Project()
        project.write(
            "pipelines/d.yaml",
            """
            experiment: d
            seed: 1
            axes: {i: {count: 5}}
            stages:
              a: {kind: command, over: [i], params: {run: [sh, -c, "(trap '' HUP; while true; do echo late; sleep 0.003; done) & echo ${i}"]}}
              b: {kind: command, inputs: {inputs: a}, params: {run: [sh, -c, "cat ${inputs.inputs} | grep -v late"]}}
            """)
        #expect(project.bitlaw("run pipelines/d.yaml -j1").code == 0)
        let output = project.bitlaw("show pipelines/d.yaml b --output out").output
        #expect(output == "0\n1\n2\n3\n4\n")
        #expect(project.shell("pgrep -f 'echo late; sleep 0[.]003' >/dev/null") != 0)
    }

    @Test func `a chain of 1,000 actions runs, and HOME and NO_COLOR are not needed`() {
        let project = Project()
        var chain =
            "experiment: c\nseed: 1\nstages:\n  s0: {kind: command, params: {run: [echo, start]}}\n"
        for index in 1..<1000 {
            // Without `depends`, two links would have one key: the same program on the same bytes.
            chain +=
                "  s\(index): {kind: command, inputs: {inputs: s\(index - 1)}, "
                + "params: {run: [cat, \"${inputs.inputs}\"], depends: [\"\(index)\"]}}\n"
        }
        project.write("pipelines/c.yaml", chain)
        let outcome = project.bitlaw("run pipelines/c.yaml", environment: "env -u HOME NO_COLOR=1")
        #expect(outcome.code == 0, "\(outcome.error.suffix(300))")
        #expect(outcome.output.hasPrefix("1000 ran in "))
        #expect(!outcome.error.contains("\u{1B}"))
    }

    @Test func `a download shows how far it is, is checked, and is kept`() {
        let project = Project()
        let digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        project.shell("mkdir served")
        project.write("served/d", "hello\n")
        func experiment(_ port: String, _ digest: String) -> String {
            "experiment: s\nseed: 1\nstages: {a: {kind: command, inputs: {inputs: {url: \"http://127.0.0.1:\(port)/d\", sha256: \(digest)}}, params: {run: [cat, \"${inputs.inputs}\"]}}}\n"
        }
        // A server of the standard library on a free port, which it writes down.
        project.write(
            "serve.py",
            """
            import functools, http.server, os
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="served")
            server = http.server.HTTPServer(("127.0.0.1", 0), handler)
            open("port.new", "w").write(str(server.server_port))
            os.rename("port.new", "port")
            server.timeout = 20
            for _ in range(2):
                server.handle_request()
            """)
        project.shell(
            "python3 serve.py >/dev/null 2>&1 & while ! test -e port; do sleep 0.01; done")
        project.write("pipelines/s.yaml", experiment(project.read("port"), digest))
        let outcome = project.bitlaw("run pipelines/s.yaml -v")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.error.contains("source:d  begins"))
        #expect(project.bitlaw("show pipelines/s.yaml a --output out").output == "hello\n")
        let wrong = String(digest.reversed())
        project.write("pipelines/s.yaml", experiment(project.read("port"), wrong))
        let refused = project.bitlaw("run pipelines/s.yaml")
        #expect(refused.code == 1)
        #expect(
            refused.error.contains(
                "/d: expected SHA-256 \(wrong), found \(digest); "), "\(refused.error)")
        #expect(refused.output.hasPrefix("0 ran, 1 failed, 1 skipped in "))
    }

    @Test func `workers start behind the words of BITLAW_WORKER, and no key knows of it`() {
        let project = Project()
        project.write(
            "pipelines/n.yaml",
            "experiment: n\nseed: 1\nstages: {a: {kind: command, params: {run: [nice]}}}\n")
        let first = project.bitlaw("run pipelines/n.yaml", environment: "BITLAW_WORKER='nice -n 7'")
        #expect(first.code == 0, "\(first.error)")
        // The digest of "7" and a line's end: the command saw the niceness of its worker.
        #expect(project.bitlaw("show pipelines/n.yaml a").output.contains("out  10159baf262b43a9"))
        #expect(project.bitlaw("run pipelines/n.yaml").output.contains("0 ran, 1 cached"))
        let absent = project.bitlaw(
            "run pipelines/n.yaml --store other", environment: "BITLAW_WORKER=no-such-program")
        #expect(absent.code == 1)
        #expect(absent.error.contains("no-such-program"))
    }

    @Test func `a reader that goes away is no error`() {
        #expect(
            Project().shell(
                "'\(Project.command)' kinds | head -1 >/dev/null; test ${PIPESTATUS:-0} = 0") == 0)
    }

    /// The shell that finds no `dot` may end before or after the graph is written to it.
    @Test func `a machine without graphviz is told what to install, each time`() {
        let project = project()
        for _ in 0..<10 {
            let outcome = project.bitlaw(
                "graph pipelines/many.yaml --format svg", environment: "PATH=")
            #expect(outcome.code == 2, "\(outcome.error)")
            #expect(
                outcome.error.hasSuffix(
                    "error: dot, which draws SVG, is not installed\n  fix: apt-get install graphviz, or "
                        + "use --format mermaid\n"), "\(outcome.error)")
        }
    }

    @Test func `graphs are DOT and Mermaid`() {
        let project = project()
        #expect(
            project.bitlaw("graph pipelines/many.yaml").output.contains("n0 [label=\"cell ×12\"];"))
        #expect(
            project.bitlaw("graph pipelines/many.yaml --format mermaid").output.contains(
                "n0 --> n1"))
        #expect(
            project.bitlaw("graph pipelines/many.yaml --actions").output.contains(
                "label=\"cell[i=11]\""))
    }

    @Test func `a source is taken from the store before the network is asked`() {
        let project = Project()
        project.write("d", "hello\n")
        let digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        project.write(
            "pipelines/first.yaml",
            "experiment: x\nseed: 1\nstages: {a: {kind: command, inputs: {inputs: \"file:d\"}, params: {run: [cat, \"${inputs.inputs}\"]}}}\n"
        )
        #expect(project.bitlaw("run pipelines/first.yaml").code == 0)
        project.write(
            "pipelines/s.yaml",
            "experiment: s\nseed: 1\nstages: {a: {kind: command, inputs: {inputs: {url: \"http://127.0.0.1:9/d\", sha256: \(digest)}}, params: {run: [cat, \"${inputs.inputs}\"]}}}\n"
        )
        let outcome = project.bitlaw("run pipelines/s.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        project.shell("rm -rf .cache")
        let without = project.bitlaw("run pipelines/s.yaml")
        #expect(without.code == 1)
        #expect(
            without.error.contains("http://127.0.0.1:9/d: the download failed (curl ended with 7)"))
    }
}
