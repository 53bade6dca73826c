import Glibc
import TestSupport
import Testing

/// Programs that do not end, print without end or fill folders: nothing of them outlives the engine, however
/// that ends, and what was done stays done.
@Suite(.serialized) struct BreakProcessTests {
    /// A daemon as they are written: two forks, a session, a folder, a name and streams of its own.
    private static let daemon = """
        import os, signal, sys
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.chdir('/')
                os.closerange(0, 64)
                os.execvp('sleep', ['sleep', sys.argv[1]])
            os._exit(0)
        os.wait()

        """

    private static func world(_ started: Started, _ script: String) -> ProgramWorld? {
        let text = script.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let world = ProgramWorld(
            started,
            stages: """
                  quick: {kind: command, params: {run: [echo, quick]}}
                  a: {kind: command, inputs: {quick: quick}, params: {files: [daemon.py, mood], run: "\(text)"}}
                """)
        world?.project.write("daemon.py", daemon)
        world?.project.write("mood", "wild\n")
        return world
    }

    @Test(arguments: Started.allCases)
    func `a daemon ends with the action that started it, which is done`(started: Started) {
        let script =
            "python3 daemon.py 51.13; until pgrep -f 'sleep 51[.]13' >/dev/null; do :; done; echo up"
        guard let world = Self.world(started, script) else { return }
        let run = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "up\n")
        #expect(!world.lives("sleep 51[.]13"))
    }

    /// What a program is at when its engine is killed.
    ///
    /// It says `up` then.
    @Test(
        arguments: Started.allCases,
        [
            // Daemons of a program that waits, ignores what it is asked, or is stopped.
            "python3 daemon.py 52.17; echo up >&2; sleep 52.17",
            "trap '' TERM INT HUP; python3 daemon.py 52.17; echo up >&2; while :; do sleep 52.17; done",
            "python3 daemon.py 52.17; echo up >&2; kill -STOP $$",
            // A fork in every moment.
            "echo up >&2; while :; do (setsid sleep 52.17 &) & sleep 0.01; done",
            // Words without end, and files.
            "echo up >&2; yes >&2 & sleep 52.17",
            "mkdir out; echo up >&2; i=0; while :; do i=$((i+1)); echo $i > out/$i; done",
            "echo up >&2; while :; do mkdir a; cd a; done",
            "chmod 0 .; echo up >&2; sleep 52.17",
        ])
    func `after kill -9 of the engine nothing lives, no result is lost and the next run goes on`(
        started: Started, script: String
    ) {
        let whole = "cat mood; grep -q mild mood || { \(script); }"
        guard let world = Self.world(started, whole) else { return }
        world.whileRunning("logged up; kill -9 $engine; wait $engine; true")
        let wait =
            "for try in $(seq 1000); do pgrep -f 'sleep 52[.]17' >/dev/null || exit 0; sleep 0.02; done; exit 1"
        #expect(world.project.shell(wait) == 0)
        #expect(world.results == 1)
        world.project.write("mood", "mild\n")
        let next = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(next.output.hasPrefix("1 ran, 1 cached in "), "\(next.output)\(next.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "mild\n")
        #expect(world.bitlaw("verify").code == 0)
        #expect(world.bitlaw("gc").code == 0)
        #expect(world.project.shell("test -z \"$(ls .cache/tmp)\"") == 0)
    }

    @Test(arguments: Started.allCases)
    func `three hundred megabytes of words cost no more disk and memory than the bound of the log`(
        started: Started
    ) throws {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        limits: {log: 1MiB}
                        params: {run: "head -c 300000000 /dev/zero | tr '\\\\0' x >&2; echo >&2; echo last >&2; sleep 53.19"}
                    """)
        else { return }
        world.whileRunning(
            """
            logged last
            cat .cache/tmp/attempt-*/.log-* | wc -c > disk
            for process in $engine $(pgrep -P $engine); do
              awk '/VmHWM/ {print $2}' /proc/$process/status
            done | sort -n | tail -1 > memory
            kill -INT $engine; wait $engine; true
            """)
        let disk = try #require(Int(world.project.read("disk").filter { $0.isNumber }))
        #expect(disk <= 1 << 20 && disk > 500_000)
        let memory = try #require(Int(world.project.read("memory").filter { $0.isNumber }))
        #expect(memory < 200_000, "kilobytes of the largest process")
        #expect(world.keptLogs.utf8.count < 1 << 20 + 200)
    }

    @Test(.heavy, arguments: Started.allCases)
    func `a folder of a hundred thousand files goes in, out, and into the next program`(
        started: Started
    ) {
        let script =
            "import os\\nfor d in range(100):\\n  os.makedirs(f'out/{d}')\\n"
            + "  for f in range(1000): open(f'out/{d}/{f}', 'w').write(f'{d} {f}')"
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      make: {kind: command, params: {outputs: {out: out/}, run: [python3, -c, "\(script)"]}}
                      read:
                        kind: command
                        inputs: {made: make}
                        params: {run: "find ${inputs.made} -type f | wc -l; cat ${inputs.made}/99/999"}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml read --output out").output == "100000\n99 999")
        #expect(world.bitlaw("verify").code == 0)
    }
}
