import ArgumentParser

/// Keys: one's own, and those of people whose results count.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make a signing key; trust and revoke the keys of others; sign files.",
        discussion: """
            Keys are kept in ~/.config/bitlaw (BITLAW_CONFIG names another folder), never in a store.

            EXAMPLE
              bitlaw keys new ada
              bitlaw keys trust grace grace.pub
            """,
        subcommands: [
            NewKeyCommand.self, ListKeysCommand.self, TrustKeyCommand.self, RevokeKeyCommand.self,
            SignedResultsCommand.self, SignFilesCommand.self, VerifyFileCommand.self,
        ])
}
