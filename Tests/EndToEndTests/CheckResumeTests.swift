import TestSupport
import Testing

/// `check: resume`: an action is killed in its middle, and has to go on to the same bits.
@Suite struct CheckResumeTests {
    /// A program that counts its executions beside itself; each prints where it begins, and does what
    /// `cases` say of its number `n`, with `s` from its checkpoint.
    private func counting(_ cases: String, rules: String = "check: resume") -> ProgramWorld? {
        let world = ProgramWorld(.unconfined, stages: "")
        guard let world else { return nil }
        let place = world.project.path
        world.project.write(
            "p.sh",
            """
            n=$(($(cat "$0.n" 2>/dev/null || echo 0)+1)); echo $n > "$0.n"
            s=$(cat ckpt/s 2>/dev/null || echo 0)
            echo "$n from $s" >> "$0.log"
            waits() { echo waits >&2; sleep 1000 & wait; }
            case $n in
            \(cases)
            esac

            """)
        world.project.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              a:
                kind: command
                checkpoints: ckpt/
                \(rules)
                params: {run: [sh, "\(place)/p.sh"]}

            """)
        return world
    }

    private func executions(_ world: ProgramWorld) -> String { world.project.read("p.sh.log") }

    private func hasCheckpoints(_ world: ProgramWorld) -> Bool {
        world.project.shell("test -z \"$(ls -A .cache/checkpoints)\"") != 0
    }

    /// The second waits after its checkpoint until it is killed.
    private let good = "2) echo 5 > ckpt/s; waits;; *) echo 5 > ckpt/s; echo 12;;"

    @Test func `what goes on to the same bits is published, and the record says so`() throws {
        let world = try #require(counting(good))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0 && run.output.hasPrefix("1 ran in "), "\(run.output)\(run.error)")
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 5\n")
        #expect(run.error.contains("again: a: from nothing, to be killed in its middle\n"))
        #expect(
            run.error.contains("again: a: killed in its middle, to go on from its checkpoints\n"))
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "12\n")
        // The uninterrupted result counts.
        #expect(!world.bitlaw("show pipelines/p.yaml a").output.contains("\n  resumed"))
        #expect(
            world.project.shell("grep -q '\"state\":\"ran\".*\"resume\":true' .cache/runs/*.json")
                == 0)
        #expect(!hasCheckpoints(world))
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 1 cached"))
        #expect(world.bitlaw("verify").code == 0)
    }

    @Test func `plan and show say how new results are checked`() throws {
        let world = try #require(counting(good, rules: "check: [twice, resume]"))
        for command in ["plan pipelines/p.yaml", "show pipelines/p.yaml a"] {
            let text = world.bitlaw(command).output
            #expect(text.contains("(check: twice)") && text.contains("(check: resume)"), "\(text)")
        }
        #expect(
            world.bitlaw("plan pipelines/p.yaml --json").output.contains(
                #""checks":{"a":["twice","resume"]}"#))
    }

    @Test func `bits that a kill changes are not published, and the difference is told`() throws {
        let world = try #require(
            counting("2) echo 5 > ckpt/s; waits;; 3) echo y; echo 13;; *) echo y; echo 12;;"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1)
        #expect(
            run.error.contains(
                "failed: a: killed once and resumed, and 1 output differs: nothing is published\n"
                    + "  `out`: first "), "\(run.error)")
        #expect(run.error.contains("12.0 → 13.0"), "\(run.error)")
        #expect(
            run.error.contains("fix: keep in its checkpoints all that its next steps depend on"))
        #expect(world.results == 0 && !hasCheckpoints(world))
    }

    @Test func `a difference that the stage allows is told, and the first result counts`() throws {
        let world = try #require(
            counting(
                "2) echo 5 > ckpt/s; waits;; 3) echo y; echo 1.0001;; *) echo y; echo 1.0000;;",
                rules: "check: resume\n    compare: {out: {rtol: 1e-3}}"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(
            run.error.contains(
                "warning: a: killed once and resumed, `out` differs, within what its stage allows: "
            ),
            "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "y\n1.0000\n")
    }

    @Test(arguments: [
        ("*) echo 12;;", "expected checkpoints in `ckpt/` before the program ended, found none"),
        (
            "2) trap 'rm ckpt/s; exit 0' TERM; echo 5 > ckpt/s; waits;; *) echo 12;;",
            "expected checkpoints in `ckpt/` after the program was killed, found none"
        ),
        (
            "2) echo 5 > ckpt/s; waits;; 3) exit 7;; *) echo 12;;",
            "sh ended with exit code 7\n  this was the execution that goes on from checkpoints for "
                + "`check: resume`: the first ended well, and nothing is published"
        ),
        (
            "2) exit 7;; *) echo 12;;",
            "sh ended with exit code 7\n  this was the execution that `check: resume` kills: the first "
                + "ended well, and nothing is published"
        ),
    ])
    func `a check that cannot be made fails, and says why`(cases: String, message: String) throws {
        let world = try #require(counting(cases))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1 && run.error.contains(message), "\(run.error)")
        #expect(world.results == 0 && !hasCheckpoints(world))
    }

    @Test func `who does not end when asked is killed after its grace`() throws {
        let world = try #require(
            counting(
                "2) trap '' TERM; echo 5 > ckpt/s; echo waits >&2; while :; do sleep 0.05; done;; "
                    + "*) echo 12;;", rules: "check: resume\n    grace: 0.1s"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 5\n")
    }

    @Test func `both checks are made, one after the other`() throws {
        let world = try #require(
            counting(
                "3) echo 5 > ckpt/s; waits;; *) echo 5 > ckpt/s; echo 12;;",
                rules: "check: [twice, resume]"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 0\n4 from 5\n")
        #expect(
            world.project.shell("grep -q '\"resume\":true,\"twice\":true' .cache/runs/*.json") == 0)
    }

    @Test func `a run that is interrupted within the check leaves the action pending`() throws {
        let world = try #require(
            counting("2) waits;; 4) echo 5 > ckpt/s; waits;; *) echo 5 > ckpt/s; echo 12;;"))
        world.whileRunning("logged waits; kill -INT $engine; wait $engine; true")
        #expect(world.results == 0 && !hasCheckpoints(world))
        #expect(world.bitlaw("run pipelines/p.yaml").code == 0)
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 0\n4 from 0\n5 from 5\n")
    }

    @Test func `what an attempt left before the check is not gone on from`() throws {
        let world = try #require(
            counting(
                "1) echo 9 > ckpt/s; waits;; 3) echo 5 > ckpt/s; waits;; *) echo 12;;",
                rules: "stream: a"))
        world.whileRunning("logged waits; kill -INT $engine; wait $engine; true")
        #expect(hasCheckpoints(world))
        world.project.shell("sed -i 's/stream: a/check: resume/' pipelines/p.yaml")
        #expect(world.bitlaw("run pipelines/p.yaml").code == 0)
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 0\n4 from 5\n")
    }

    @Test func `a failed attempt that is repeated is killed and resumed once more`() throws {
        let world = try #require(
            counting(
                "2|4) echo 5 > ckpt/s; waits;; 3) exit 75;; *) echo 12;;",
                rules: "check: resume\n    retry: {times: 1, on: [exit 75]}"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(executions(world) == "1 from 0\n2 from 0\n3 from 5\n4 from 0\n5 from 5\n")
    }

    /// Its sleep is what there is to kill it in; nothing waits for a clock.
    @Test func `a confined program is killed and resumed too`() throws {
        guard
            let world = ProgramWorld(
                .confined,
                stages: """
                      a:
                        kind: command
                        checkpoints: ckpt/
                        check: resume
                        params: {run: [sh, -c, "test -e ckpt/s || { echo 5 > ckpt/s; sleep 2; }; echo 12"]}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("killed in its middle, to go on from its checkpoints"))
        #expect(!run.error.contains("left behind"), "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "12\n")
        #expect(!hasCheckpoints(world))
    }

    @Test(arguments: Started.allCases)
    func `the folder of checkpoints is not told as left behind`(started: Started) throws {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        checkpoints: deep/ckpt/
                        params: {run: [sh, -c, "echo x > deep/ckpt/s; echo y > other; echo 12"]}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("other (2 B)"), "\(run.error)")
        #expect(!run.error.contains("ckpt"), "\(run.error)")
    }
}
