import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Ends runs on a cluster that were left.
struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel the pilots of an experiment's runs on a cluster; what finished is kept.",
        discussion: """
            Pilots that wait are cancelled. Those that run are asked to end: their programs have their time \
            to end by themselves, and go on from their checkpoints the next time. A front end that is at \
            work for such a run ends too.

            EXAMPLE
              bitlaw cancel pipelines/spiral.yaml
            """)

    @OptionGroup var options: ExperimentOptions

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let runs = ClusterRun.all(in: store).filter {
            $0.experiment == graph.experiment && $0.endedAt == nil
        }
        for run in runs {
            let executor = try ClusterFront.executor(run.executor, project: graph.project)
            // The note comes first: a front end that leads the run starts no more pilots then.
            try run.noteCancelled()
            let launcher = executor.opened(for: .person, folder: run.place)
            if !run.pilots.isEmpty {
                try launcher.cancel(run.pilots, of: run.folder, .kindly)
            }
            if !options.common.json {
                Output.line(
                    "run \(run.folder.name) on \(run.executor) is cancelled "
                        + "(\(counted(run.pilots.count, "pilot")) were started)")
            }
        }
        if options.common.json {
            Output.document(
                ["cancelled": .array(runs.map { .string($0.folder.name) })], .cancel)
        } else if runs.isEmpty {
            Output.line("no run of \(graph.experiment) on a cluster goes on in \(store.path)")
        }
    }
}
