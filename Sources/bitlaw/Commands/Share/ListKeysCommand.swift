import ArgumentParser
import Canon
import LocalStore
import Trust

/// Lists keys.
struct ListKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the keys that are known here.",
        discussion: """
            EXAMPLE
              bitlaw keys list
            """)

    @Flag(name: .long, help: DocumentForm.help) var json = false

    func run() throws {
        let rows = try ListKeysCommand.rows(KeyStore())
        guard json else {
            for row in rows { Output.line("\(row.state)\t\(row.key.hex)\t\(row.name)") }
            return
        }
        Output.documents(
            rows.map {
                [
                    "name": .string($0.name), "state": .string($0.state),
                    "key": .string($0.key.hex),
                ]
            }, .keysList)
    }

    private static func rows(_ keys: KeyStore) -> [(name: String, state: String, key: VerifyingKey)]
    {
        let trusted = keys.trusted.map {
            (name: $0.key, state: $0.key == keys.signing ? "signing" : "trusted", key: $0.value)
        }
        let revoked = keys.revoked.map { (name: $0.key, state: "revoked", key: $0.value) }
        return (trusted + revoked).sorted { ($0.name, $0.state) < ($1.name, $1.state) }
    }
}
