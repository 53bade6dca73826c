import ArgumentParser
import Glibc
import LocalStore
import Run

/// Fetches for a run; started by it.
struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Fetch results from remotes for a run.",
        shouldDisplay: false)

    @Option var store: String
    @Option var project: String

    func run() throws {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        let opened = try Store.open(
            store,
            trust: configuration.trust == .any
                ? [] : [try configuration.trust.policy(try KeyStore(), configuration.keys)],
            creating: false, joins: true)
        let code = TransferService.serve(store: opened) {
            try Sharing.slots(configuration.readRemotes, project: project)
        }
        throw ExitCode(code)
    }
}
