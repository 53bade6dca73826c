import ArgumentParser
import LocalStore
import Trust

/// Revokes a key.
struct RevokeKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a key's trust away for ever, and list its results in the store.",
        discussion: """
            EXAMPLE
              bitlaw keys revoke grace
            """)

    @Argument(help: "The name, or 64 hexadecimal digits.") var name: String
    @OptionGroup var common: StoreOptions

    func run() throws {
        var keys = try KeyStore()
        let key = try keys.revoke(name)
        if !common.json { Output.line("revoked \(key.hex)") }
        try SignedResultsCommand.list(key, common, .keysRevoke)
    }
}
