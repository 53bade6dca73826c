import TestSupport
import Testing

/// Attempts that are repeated, by the reason of their end.
@Suite struct RetryTests {
    @Test(arguments: Started.allCases)
    func `an attempt is repeated after the ends that its stage names, and after no other`(
        started: Started
    ) {
        // An exit code and a kill that a shell says alike.
        let ends = ["exit 137", "kill -9 $$", "kill -15 $$", "exit 75", "exit 9"]
        let rules = ["exit 137", "signal", "signal 15", "signal 9", "exit 75", "time", "memory"]
        let stages = ends.enumerated().flatMap { number, end in
            rules.enumerated().map { place, rule in
                "  e\(number)r\(place): {kind: command, retry: {times: 2, on: [\(rule)]}, "
                    + "params: {run: [sh, -c, \"\(end)\", \"\(place)\"]}}"
            }
        }
        guard let world = ProgramWorld(started, stages: stages.joined(separator: "\n")) else {
            return
        }
        let outcome = world.bitlaw("run pipelines/p.yaml")
        #expect(outcome.code == 1)
        let again: Set = ["e0r0", "e1r1", "e1r3", "e2r1", "e2r2", "e3r4"]
        for number in ends.indices {
            for place in rules.indices {
                let name = "e\(number)r\(place)"
                let count = outcome.error.ranges(of: "again: \(name): ").count
                #expect(count == (again.contains(name) ? 2 : 0), "\(name)")
            }
        }
        #expect(
            outcome.error.contains("again: e0r0: sh ended with exit code 137; attempt 2 of 3\n"),
            "\(outcome.error)")
        #expect(
            outcome.error.contains(
                "again: e1r1: sh was killed by signal 9 (SIGKILL); attempt 3 of 3\n"))
    }

    @Test func `limits are reasons of their own, and each attempt may have more memory`() {
        let program =
            "exec python3 -c 'import os, time; first = not os.path.exists(\\\"MARK\\\"); open(\\\"MARK\\\", \\\"w\\\"); x = bytearray(b\\\"x\\\") * 150000000; time.sleep(600 if first else 0); print(len(x))'"
        guard
            let world = ProgramWorld(
                .unconfined,
                stages: """
                      slow:
                        kind: command
                        params: {run: [sh, -c, "sleep 61.25"]}
                        limits: {time: 0.2}
                        retry: {times: 1, on: [time]}
                      late:
                        kind: command
                        params: {run: [sh, -c, "sleep 61.26"]}
                        limits: {time: 0.2}
                        retry: {times: 1, on: [memory, signal, exit 137]}
                    """)
        else { return }
        world.project.write(
            "pipelines/p.yaml",
            world.project.read("pipelines/p.yaml") + """
                  large:
                    kind: command
                    params: {run: [sh, -c, "\(program.replacing("MARK", with: "\(world.project.path)/mark"))"]}
                    limits: {memory: 100MB}
                    retry: {times: 2, on: [memory], memory: 4x}

                """)
        let outcome = world.bitlaw("run pipelines/p.yaml -j3")
        #expect(
            outcome.output.hasPrefix("1 ran, 2 failed in "), "\(outcome.output)\(outcome.error)")
        #expect(
            outcome.error.contains(
                "again: slow: stopped after 0.2 s, its limit; raise `limits: {time: …}` of stage `slow`; "
                    + "attempt 2 of 2\n"))
        #expect(!outcome.error.contains("again: late"))
        #expect(outcome.error.contains("again: large: stopped at "))
        #expect(outcome.error.contains("attempt 2 of 3 with 400 MB of memory\n"))
    }
}
