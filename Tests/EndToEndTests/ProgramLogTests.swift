import Canon
import TestSupport
import Testing

/// What becomes of the words of programs.
@Suite struct ProgramLogTests {
    @Test(arguments: Started.allCases)
    func `the last line of a program is its note while it runs, and progress is a fraction`(
        started: Started
    ) {
        // The program waits until it is asked to end: what it printed last has to be shown before.
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        params: {run: [sh, -c, "trap 'exit 0' TERM; echo out; printf 'first\\nprogress 3/10 loss 0.5\\n' >&2; printf '\\r 40%%| 4/10 \\\\033[31mred' >&2; sleep 45.29 & wait"]}
                    """)
        else { return }
        world.whileRunning(
            "-j1 --json",
            """
            until grep -qs '"note":"40%| 4/10 red"' out; do sleep 0.01; done
            kill -INT $engine; wait $engine
            """)
        #expect(
            world.project.read("out").contains(
                #""done":3,"event":"progress","experiment":"p","format":"bitlaw/run-event/1","note":"40%| 4/10 red","total":10"#
            ))
    }

    @Test(arguments: Started.allCases)
    func `a log of any length takes no more than its bound, while it grows and in the store`(
        started: Started
    ) throws {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        limits: {log: 64KiB}
                        params: {run: [sh, -c, "trap 'exit 0' TERM; seq 1000000 1800000 >&2; echo last >&2; sleep 46.31 & wait"]}
                    """)
        else { return }
        world.whileRunning(
            """
            logged last; cat .cache/tmp/attempt-*/.log-* | wc -c > size
            kill -INT $engine; wait $engine
            """)
        let size = try #require(Int(world.project.read("size").filter { $0.isNumber }))
        #expect(size <= 65536 && size > 40000)
        let log = world.keptLogs
        #expect(log.hasPrefix("1000000\n1000001\n"))
        #expect(log.hasSuffix("1799999\n1800000\nlast\n"))
        #expect(log.contains("\n… bitlaw left out "))
        #expect(log.utf8.count < 65536 + 100)
    }
}
