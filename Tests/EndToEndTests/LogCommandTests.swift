import TestSupport
import Testing

/// `bitlaw log`: what an action printed, while it runs and afterwards.
@Suite struct LogCommandTests {
    @Test(arguments: Started.allCases)
    func `the log of an action is there after a success, a failure and an interruption`(
        started: Started
    ) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      good: {kind: command, params: {run: [sh, -c, "echo out; echo words >&2"]}}
                      silent: {kind: command, params: {run: [echo, out]}}
                      bad: {kind: command, params: {run: [sh, -c, "seq 1000 >&2; exit 1"]}}
                      reader: {kind: command, inputs: {inputs: bad}, params: {run: [echo, x]}}
                    """)
        else { return }
        _ = world.bitlaw("run pipelines/p.yaml")
        #expect(world.bitlaw("log pipelines/p.yaml good").output == "words\n")
        let silent = world.bitlaw("log pipelines/p.yaml silent")
        #expect(silent.code == 0 && silent.output == "")
        #expect(silent.error == "silent ended well and printed nothing\n")
        let bad = world.bitlaw("log pipelines/p.yaml bad -f")
        #expect(bad.code == 0 && bad.output == (1...1000).map { "\($0)\n" }.joined())
        let reader = world.bitlaw("log pipelines/p.yaml reader")
        #expect(reader.code == 2)
        #expect(
            reader.error.contains(
                "reader has no log: what it reads has not run\n  fix: bitlaw run pipelines/p.yaml 'reader'"
            ), "\(reader.error)")
        // It stays as long as a run names the action, and goes with its success.
        #expect(world.bitlaw("gc").code == 0)
        #expect(world.bitlaw("log pipelines/p.yaml bad").output == bad.output)
        #expect(world.bitlaw("gc --keep-runs 0").code == 0)
        let gone = world.bitlaw("log pipelines/p.yaml bad")
        #expect(gone.code == 2)
        #expect(
            gone.error.contains(
                "bad has no log: no run that the store remembers executed it\n"
                    + "  fix: bitlaw run pipelines/p.yaml 'bad'\n"), "\(gone.error)")
    }

    @Test(arguments: Started.allCases)
    func `of a running action it is what there is so far, and -f goes on until the end`(
        started: Started
    ) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        params: {run: [sh, -c, "trap 'echo last >&2; exit 1' TERM; echo first >&2; sleep 47.43 & wait"]}
                    """)
        else { return }
        world.whileRunning(
            """
            logged first
            '\(Project.command)' log pipelines/p.yaml a > now 2> said
            '\(Project.command)' log pipelines/p.yaml a -f > all & reader=$!
            until grep -qs first all; do sleep 0.01; done
            kill -INT $engine; wait $engine; wait $reader; echo $? > code
            """)
        #expect(world.project.read("now") == "first\n")
        #expect(world.project.read("said") == "a runs at this moment; -f goes on printing\n")
        #expect(world.project.read("all") == "first\nlast\n")
        #expect(world.project.read("code") == "0\n")
    }

    @Test func `a log is that of one action`() throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: "  a: {kind: command, over: [i], params: {run: [echo, \"${i}\"]}}"))
        world.project.write(
            "pipelines/p.yaml",
            world.project.read("pipelines/p.yaml").replacing(
                "stages:", with: "axes: {i: {count: 3}}\nstages:"))
        let outcome = world.bitlaw("log pipelines/p.yaml a")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains(
                "expected one action, found 3 actions, such as a[i=0], a[i=1], a[i=2]\n"
                    + "  fix: name one: bitlaw log pipelines/p.yaml 'a[i=0]'"), "\(outcome.error)")
    }
}
