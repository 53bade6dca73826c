import System
import TestSupport
import Testing

/// How a scheduler ends pilots: whatever it signals, in whatever order, programs have their grace, and what
/// they kept is gone on from.
@Suite struct PilotEndTests {
    /// A project with a program that keeps its place when it is asked to end, and goes on from there.
    private struct World {
        let cluster: ClusterWorld
        var project: Project { cluster.project }

        init(asked: String, programs: String = "unconfined") {
            cluster = ClusterWorld(
                """
                stages:
                  a:
                    kind: command
                    checkpoints: ckpt/
                    grace: 20s
                    params:
                      run:
                        - sh
                        - -c
                        - "trap '\(asked)' TERM; [ -e ckpt/n ] || { echo up >&2;
                          for i in $(seq 600); do sleep 0.1; done; }; cat ckpt/n"
                """, pilots: 1, programs: programs)
            cluster.project.shell(
                "echo '  apart: {slurm: {pilots: 1, poll: 1s, store: \(cluster.project.path)/node}}' "
                    + ">>config/config.yaml")
        }

        func bitlaw(_ arguments: String) -> Project.Outcome { cluster.bitlaw(arguments) }

        /// Runs it on a cluster, does this once the program is up, and waits for the end; `$pilot` and
        /// `$worker` are processes.
        func run(whileUp commands: String, words: String = "--on lab", store: String = ".cache") {
            project.shell(
                """
                export \(cluster.settings)
                '\(Project.command)' run pipelines/p.yaml \(words) >/dev/null 2>error & front=$!
                for i in $(seq 600); do grep -qs up \(store)/tmp/attempt-*/.log-* && break; sleep 0.05; done
                pilot=$(cat slurm/job-1_0)
                worker=$(pgrep -P $pilot | head -1)
                \(commands)
                wait $front; echo $? > code
                """)
        }

        /// Whether it went on from what the program kept.
        func expectKept() {
            #expect(project.read("code") == "0\n", "\(project.read("error"))")
            #expect(!project.read("error").contains("failed: a"), "\(project.read("error"))")
            #expect(bitlaw("show pipelines/p.yaml a --output out").output == "kept\n")
        }
    }

    private static let slow = "sleep 1; echo kept > ckpt/n; exit 1"

    @Test func `a worker that hears its scheduler and its pilot at once obeys its pilot`() {
        let world = World(asked: Self.slow)
        // A process that stands still hears both when it goes on, and of two SIGTERM only the first.
        world.run(
            whileUp:
                "kill -STOP $worker; kill -TERM $worker; kill $pilot; sleep 0.5; kill -CONT $worker"
        )
        world.expectKept()
    }

    @Test func `a pilot that is told twice lets its programs have their grace`() {
        let world = World(asked: Self.slow)
        world.run(whileUp: "kill $pilot; sleep 0.3; kill $pilot")
        world.expectKept()
    }

    @Test func `a program that the scheduler asks before its pilot has not failed`() {
        let world = World(asked: "echo kept > ckpt/n; exit 1")
        world.run(
            whileUp: "kill -TERM $worker; sleep 0.1; pkill -TERM -P $worker; sleep 0.3; kill $pilot"
        )
        world.expectKept()
    }

    @Test func `a pilot with a store of its own that is told to end hands back what it holds`() {
        let world = World(asked: Self.slow)
        world.run(
            whileUp: "kill -TERM $worker; kill $pilot",
            words: "--on apart --stage-through ./between/",
            store: "node")
        world.expectKept()
    }

    @Test func `bitlaw cancel lets programs have their grace while a front end is at work`() {
        let world = World(asked: Self.slow)
        world.run(whileUp: "'\(Project.command)' cancel pipelines/p.yaml >said")
        #expect(world.project.read("code") == "1\n")
        world.project.shell("while kill -0 $(cat slurm/job-1_0) 2>/dev/null; do sleep 0.1; done")
        #expect(world.bitlaw("run pipelines/p.yaml --on lab").code == 0)
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "kept\n")
    }

    @Test func `a confined program has its grace also where the sandbox is told to end before it`()
    {
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        if case .fails = SandboxTrial.run(person) {
            skip("no bubblewrap works here, so no confined program was tried")
            return
        }
        let world = World(asked: Self.slow, programs: "asked")
        world.run(whileUp: "pkill -TERM -s $pilot bwrap; sleep 0.3; kill $pilot")
        world.expectKept()
    }
}
