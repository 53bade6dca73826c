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
    /// A remote beside those of the project.
    @Option var remote: String?

    func run() throws {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        let opened = try Store.open(
            store,
            trust: configuration.trust == .any
                ? [] : [try configuration.trust.policy(try KeyStore(), configuration.keys)],
            creating: false, joins: true)
        let code = TransferService.serve(store: opened) {
            let further = try remote.map { try Sharing.find($0, "--remote", project: project) }
            return try Sharing.slots(
                (further.map { [$0] } ?? []) + configuration.readRemotes, project: project)
        }
        throw ExitCode(code)
    }
}
