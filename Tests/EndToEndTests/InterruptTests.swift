import BitlawProgram
import Experiment
import Glibc
import LocalStore
import Run
import System
import TestSupport
import Testing

@Suite struct InterruptTests {
    @Test func `a run that is interrupted as an action ends is over, and no reader is begun`() async
    {
        await #expect(processExitsWith: .success) {
            // A run that waits for ever is a failure, not a test that never ends.
            alarm(120)
            let project = Project()
            project.write(
                "pipelines/two.yaml",
                """
                experiment: two
                seed: 1
                stages:
                  first: {kind: command, params: {run: [echo, one]}}
                  second: {kind: command, inputs: {inputs: first}, params: {run: [cat, "${inputs.inputs}"]}}

                """)
            let kinds = shippedKinds()
            let engine = try Engine(
                graph: try ExperimentLoader.load(
                    path: "\(project.path)/pipelines/two.yaml", registry: kinds),
                store: try Store.open("\(project.path)/store"), registry: kinds,
                options: RunOptions(
                    worker: [Project.command, "worker"],
                    person: EnvironmentVariables(words: ["PATH=/usr/bin:/bin"]),
                    consent: RunConsent(programs: .unconfined, addresses: []))
            ) { event in
                if case .finished = event { raise(SIGINT) }
            }
            let summary = try engine.run()
            #expect(summary.isInterrupted)
            #expect(summary.states == [.ran, .pending])
        }
    }

    @Test
    func `a closed terminal ends the programs of a run as Ctrl-C does, and nohup prevents it`() {
        let project = Project()
        // A test under `nohup` hands on that SIGHUP is ignored: the lowest bit of the mask.
        if project.shell("grep -q '^SigIgn:.*[13579bdf]$' /proc/self/status") == 0 {
            return skip("SIGHUP is ignored here (nohup): a closed terminal was not tried")
        }
        project.write(
            "pipelines/slow.yaml",
            """
            experiment: slow
            seed: 1
            stages:
              slow: {kind: command, params: {run: [sh, -c, "echo $$ > '\(project.path)/started'; sleep 71.234 & wait"]}}

            """)
        let start =
            "rm -f started; '\(Project.command)' run pipelines/slow.yaml >out 2>err </dev/null &"
        let wait = "for i in $(seq 3000); do test -s started && break; sleep 0.01; done"
        project.shell(
            "\(start) engine=$!\n\(wait)\nkill -HUP $engine; wait $engine; echo $? > code")
        #expect(project.read("code") == "130\n")
        #expect(project.read("out").contains("interrupted; what finished is kept"))
        #expect(project.shell("pgrep -f 'sleep 71[.]234' >/dev/null") != 0)
        let ignoring = start.replacing("'\(Project.command)'", with: "nohup '\(Project.command)'")
        project.shell(
            "\(ignoring) engine=$!\n\(wait)\nkill -HUP $engine; kill -0 $engine && "
                + "pgrep -f 'sleep 71[.]234' >/dev/null && echo alive > alive; "
                + "kill -TERM $engine; wait $engine; echo $? > code")
        #expect(project.read("alive") == "alive\n")
        #expect(project.read("code") == "130\n")
        #expect(project.shell("pgrep -f 'sleep 71[.]234' >/dev/null") != 0)
    }

    @Test func `an engine that is killed leaves no program behind`() {
        let project = Project()
        project.write(
            "pipelines/slow.yaml",
            """
            experiment: slow
            seed: 1
            stages:
              slow: {kind: command, params: {run: [sh, -c, "sleep 72.345 & echo $! > '\(project.path)/started'; wait"]}}

            """)
        project.shell(
            """
            '\(Project.command)' run pipelines/slow.yaml >out 2>err </dev/null & engine=$!
            until test -s started; do :; done
            kill -9 $engine; wait $engine
            program=$(cat started)
            for try in $(seq 2000); do
              grep -qa sleep /proc/$program/cmdline 2>/dev/null || { echo gone > gone; break; }
            done
            test -e gone || kill -9 $program
            """)
        #expect(project.read("gone") == "gone\n")
    }
}
