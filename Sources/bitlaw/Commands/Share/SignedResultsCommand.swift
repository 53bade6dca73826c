import ArgumentParser
import Canon
import LocalStore
import System
import Trust

/// Lists what a key signed.
struct SignedResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "List the results in the store that a key signed.",
        discussion: """
            EXAMPLE
              bitlaw keys results grace
            """)

    @Argument(help: "The name, or 64 hexadecimal digits.") var name: String
    @OptionGroup var common: StoreOptions

    func run() throws {
        let keys = try KeyStore()
        let key =
            try keys.trusted[name] ?? keys.revoked[name]
            ?? VerifyingKey(text: name, origin: name)
        try SignedResultsCommand.list(key, common)
    }

    /// Every result of the store that a key signed, and who else vouches for it.
    static func list(_ key: VerifyingKey, _ common: StoreOptions) throws {
        try common.enter()
        let store: Store
        do {
            store = try common.open(project: try Consent.project(of: "./x"), creating: false)
        } catch let error as OperationalError where error.code == .missing { return }
        let keys = try KeyStore()
        let others = TrustPolicy(
            required: 1, signers: keys.trusted.filter { $0.value != key })
        let results = try store.results(signedBy: key)
        for result in results {
            let names = others.approvers(of: try store.signed(result))
            Output.line(
                "\(result.key.hex)  \(result.kind)  "
                    + (names.isEmpty
                        ? "signed by nobody else you trust"
                        : "also signed by \(names.joined(separator: ", "))"))
        }
        if results.isEmpty { return Output.line("no result in \(store.path) is signed by it") }
        let isOne = results.count == 1
        Output.line(
            "\(counted(results.count, "result")) in \(store.path) \(isOne ? "is" : "are") signed by "
                + "it; bitlaw audit makes \(isOne ? "it" : "them") again")
    }
}
