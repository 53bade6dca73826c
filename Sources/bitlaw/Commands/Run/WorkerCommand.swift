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
    @Flag var volatile = false
    @Flag var unconfined = false

    func run() throws {
        let store = try Store.open(
            store, also: also, creating: false, joins: true, isDurable: !volatile)
        let seconds = EnvironmentVariables.person["BITLAW_CHECKPOINT_SECONDS"].flatMap(Double.init)
        throw ExitCode(
            Worker.serve(
                registry: allKinds.adding(PrivateServers(address)), store: store,
                programs: unconfined ? .unconfined : .confined,
                secondsBetweenStates: seconds ?? 20))
    }
}
