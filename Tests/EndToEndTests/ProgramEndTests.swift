import TestSupport
import Testing

/// How programs end: asked first, killed later, and never longer than the engine lives.
///
/// One case at a time: what outlives is looked for among all processes, by its words.
@Suite(.serialized) struct ProgramEndTests {
    /// A stage whose program says `up`, and `asked` when it is; then it ends well, with an output.
    private static func polite(_ members: String = "") -> String {
        """
          a:
            kind: command
            params: {run: [sh, -c, "trap 'echo asked >&2; kill $! 2>/dev/null; exit 0' TERM; echo up >&2; echo out; sleep 41.37 & wait; echo no"]}
            \(members)
        """
    }

    /// A stage whose program, and a daemon of it in a session of its own, ignore SIGTERM.
    private static func stubborn(_ seconds: String, _ members: String) -> String {
        """
          a:
            kind: command
            params: {run: [sh, -c, "trap '' TERM; setsid sh -c \\"sleep \(seconds) & echo up >&2; wait\\" & (setsid sleep \(seconds) &); wait; sleep \(seconds)"]}
            \(members)
        """
    }

    @Test(arguments: Started.allCases, ["INT", "TERM", "HUP"])
    func `an interrupted program gets SIGTERM first, and what it gives then is no result`(
        started: Started, signal: String
    ) {
        guard let world = ProgramWorld(started, stages: Self.polite()) else { return }
        world.whileRunning("logged up; kill -\(signal) $engine; wait $engine; echo $? > code")
        #expect(world.project.read("code") == "130\n", "\(world.project.read("err"))")
        #expect(world.keptLogs == "up\nasked\n")
        #expect(world.results == 0)
        #expect(!world.lives("sleep 41[.]37"))
    }

    @Test(arguments: Started.allCases)
    func `what does not end by itself is killed after its grace, with all that it started`(
        started: Started
    ) {
        guard let world = ProgramWorld(started, stages: Self.stubborn("42.61", "grace: 0.2"))
        else { return }
        world.whileRunning("logged up; kill -INT $engine; wait $engine; echo $? > code")
        #expect(world.project.read("code") == "130\n")
        #expect(!world.lives("sleep 42[.]61"))
    }

    @Test(arguments: Started.allCases)
    func `a second request kills at once, however long the grace is`(started: Started) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        grace: 10h
                        params: {run: [sh, -c, "trap 'echo asked >&2' TERM; echo up >&2; while :; do sleep 43.17 & wait; done"]}
                    """)
        else { return }
        world.whileRunning(
            "logged up; kill -INT $engine; logged asked; kill -INT $engine; wait $engine; echo $? > code"
        )
        #expect(world.project.read("code") == "130\n")
        #expect(!world.lives("sleep 43[.]17"))
    }

    @Test(arguments: Started.allCases)
    func `past its time a program is asked as well, and fails though it ends well then`(
        started: Started
    ) {
        guard let world = ProgramWorld(started, stages: Self.polite("limits: {time: 0.7}")) else {
            return
        }
        let outcome = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(outcome.code == 1)
        #expect(outcome.error.contains("failed: a: stopped after 0.7 s, its limit"))
        #expect(outcome.error.contains("    | asked\n"))
        #expect(world.results == 0)
    }

    @Test(arguments: Started.allCases)
    func `an engine that is killed leaves no daemon behind, also of programs that ignore SIGTERM`(
        started: Started
    ) {
        guard let world = ProgramWorld(started, stages: Self.stubborn("44.83", "grace: 10h")) else {
            return
        }
        world.whileRunning(
            """
            logged up; kill -9 $engine; wait $engine
            for try in $(seq 500); do pgrep -f 'sleep 44[.]83' >/dev/null || { echo gone > gone; break; }; sleep 0.02; done
            """)
        #expect(world.project.read("gone") == "gone\n")
        #expect(world.results == 0)
    }

    @Test(arguments: Started.allCases)
    func `a kill is never called an exit code, and an exit code never a kill`(started: Started) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      ends: {kind: command, params: {run: [sh, -c, "exit 137"]}}
                      killed: {kind: command, params: {run: [sh, -c, "kill -9 $$"]}}
                      asked: {kind: command, params: {run: [sh, -c, "kill -15 $$"]}}
                      child: {kind: command, params: {run: [sh, -c, "sh -c 'kill -9 $$'; exit $?"]}}
                      odd: {kind: command, params: {run: [sh, -c, "kill -40 $$"]}}
                    """)
        else { return }
        let outcome = world.bitlaw("run pipelines/p.yaml")
        #expect(outcome.code == 1)
        for line in [
            "failed: ends: sh ended with exit code 137\n",
            "failed: killed: sh was killed by signal 9 (SIGKILL)\n",
            "failed: asked: sh was killed by signal 15 (SIGTERM)\n",
            "failed: child: sh ended with exit code 137\n",
            "failed: odd: sh was killed by signal 40\n",
        ] {
            #expect(outcome.error.contains(line), "\(outcome.error)")
        }
    }

    @Test func `what a program says of its own end in the keeper's place harms nobody but itself`()
    {
        guard
            let world = ProgramWorld(
                .confined,
                stages: """
                      told: {kind: command, params: {run: [sh, -c, "echo signal 999 > /proc/1/fd/3; exit 7"]}}
                      full: {kind: command, params: {run: [sh, -c, "yes > /proc/1/fd/3 & yes > /proc/1/fd/3 & sleep 0.2; exit 7"]}}
                      good: {kind: command, params: {run: [echo, fine]}}
                    """)
        else { return }
        let outcome = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("1 ran, 2 failed in "), "\(outcome.output)")
    }
}
