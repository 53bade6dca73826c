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
        try SignedResultsCommand.list(key, common, .keysResults)
    }

    /// Prints every result of the store that a key signed, and who else vouches for it.
    static func list(_ key: VerifyingKey, _ common: StoreOptions, _ form: DocumentForm) throws {
        try common.enter()
        let (store, results) = try found(key, common)
        if common.json {
            return Output.document(
                [
                    "key": .string(key.hex), "store": store.map { .string($0) } ?? .null,
                    "results": .array(
                        results.map {
                            [
                                "key": .string($0.result.key.hex), "kind": .string($0.result.kind),
                                "alsoSignedBy": .array($0.others.map { .string($0) }),
                            ]
                        }),
                ], form)
        }
        guard let store else { return }
        for (result, others) in results {
            Output.line(
                "\(result.key.hex)  \(result.kind)  "
                    + (others.isEmpty
                        ? "signed by nobody else you trust"
                        : "also signed by \(others.joined(separator: ", "))"))
        }
        if results.isEmpty { return Output.line("no result in \(store) is signed by it") }
        let isOne = results.count == 1
        Output.line(
            "\(counted(results.count, "result")) in \(store) \(isOne ? "is" : "are") signed by "
                + "it; bitlaw audit makes \(isOne ? "it" : "them") again")
    }

    /// The path of the store, and what the key signed in it with who else did; no store is no results.
    private static func found(_ key: VerifyingKey, _ common: StoreOptions) throws
        -> (store: String?, results: [(result: ActionResult, others: [String])])
    {
        let store: Store
        do {
            store = try common.open(project: try Consent.project(of: "./x"), creating: false)
        } catch let error as OperationalError where error.code == .missing { return (nil, []) }
        let others = TrustPolicy(
            required: 1, signers: try KeyStore().trusted.filter { $0.value != key })
        return (
            store.path,
            try store.results(signedBy: key).map {
                ($0, others.approvers(of: try store.signed($0)))
            }
        )
    }
}
