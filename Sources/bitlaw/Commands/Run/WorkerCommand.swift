import ArgumentParser
import Experiment
import LocalStore
import Remotes
import Run
import System

/// The process that executes actions; started by `run`.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Option var store: String
    @Option var also: [String] = []
    @Option var address: [String] = []
    /// The file for what programs read, and the project that they may not write.
    @Option var traceInto: String?
    @Option var traceProject: String?
    @Flag var volatile = false
    @Flag var unconfined = false
    @Flag var shielded = false

    func run() throws {
        let store = try Store.open(
            store, also: also, creating: false, joins: true, isDurable: !volatile)
        let seconds = EnvironmentVariables.person["BITLAW_CHECKPOINT_SECONDS"].flatMap(Double.init)
        var registry = allKinds.adding(PrivateServers(address))
        if let traceInto, let traceProject {
            registry = registry.adding(ProgramTrace(record: traceInto, project: traceProject))
        }
        throw ExitCode(
            Worker.serve(
                registry: registry, store: store,
                programs: unconfined ? .unconfined : .confined,
                secondsBetweenStates: seconds ?? 20, hearsParentAlone: shielded))
    }
}
