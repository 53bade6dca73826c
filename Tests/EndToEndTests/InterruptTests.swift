import Experiment
import Glibc
import LocalStore
import Run
import System
import Testing
import bitlaw

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
                  second: {kind: command, inputs: {inputs: first}, params: {run: [cat, "{inputs}"]}}

                """)
            let kinds = shippedKinds()
            let engine = try Engine(
                graph: try ExperimentLoader.load(
                    path: "\(project.path)/pipelines/two.yaml", registry: kinds),
                store: try Store.open("\(project.path)/store"), registry: kinds,
                options: RunOptions(
                    worker: [Project.command, "worker"],
                    person: EnvironmentVariables(words: ["PATH=/usr/bin:/bin"]))
            ) { event in
                if case .finished = event { raise(SIGINT) }
            }
            let summary = try engine.run()
            #expect(summary.isInterrupted)
            #expect(summary.states == [.ran, .pending])
        }
    }
}
