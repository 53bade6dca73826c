import ArgumentParser
import Canon
import LocalStore
import System
import Trust

/// Keys: one's own, and those of people whose results count.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make a signing key; trust and revoke the keys of others.",
        discussion: """
            Keys are kept in ~/.config/bitlaw (BITLAW_CONFIG names another folder), never in a store.

            EXAMPLE
              bitlaw keys new ada
              bitlaw keys trust grace grace.pub
            """,
        subcommands: [New.self, List.self, Trust.self, Revoke.self, Results.self])

    /// Makes a key.
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key of your own; what you push is signed with it from now on.",
            discussion: """
                EXAMPLE
                  bitlaw keys new ada     # prints the public key: give it to others
                """)
        @Argument(help: "Its name.") var name: String

        func run() throws {
            var keys = try KeyStore()
            let key = try keys.make(name)
            Output.line(key.hex)
            Output.error(
                "private: \(keys.folder)/keys/\(name).pem (keep it to yourself)\n"
                    + "public:  \(keys.folder)/keys/\(name).pem.pub, or the 64 digits above\n")
        }
    }

    /// Lists keys.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys that are known here.",
            discussion: """
                EXAMPLE
                  bitlaw keys list
                """)
        @Flag(name: .long, help: "Print JSON for programs.") var json = false

        func run() throws {
            let keys = try KeyStore()
            let rows =
                keys.trusted.map {
                    ($0.key, $0.key == keys.signing ? "signing" : "trusted", $0.value)
                }
                + keys.revoked.map { ($0.key, "revoked", $0.value) }
            let sorted = rows.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            if json {
                Output.line(
                    JSON.array(
                        sorted.map {
                            [
                                "name": .string($0.0), "state": .string($0.1),
                                "key": .string($0.2.hex),
                            ]
                        }
                    ).canonicalText)
                return
            }
            for (name, state, key) in sorted { Output.line("\(state)\t\(key.hex)\t\(name)") }
        }
    }

    /// Trusts a key.
    struct Trust: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Know a person's public key by a name that policies use.",
            discussion: """
                Check the digits with the person, not with whoever sent the file.

                EXAMPLE
                  bitlaw keys trust grace grace.pub
                """)
        @Argument(help: "The name.") var name: String
        @Argument(help: "The public key: a file, or 64 hexadecimal digits.") var key: String

        func run() throws {
            var keys = try KeyStore()
            let isFile = key.contains("/") || key.contains(".")
            let read =
                isFile
                ? try VerifyingKey(fileAt: key) : try VerifyingKey(text: key, origin: "the key")
            try keys.trust(name, read)
            Output.line("\(read.hex)\t\(name)")
        }
    }

    /// Revokes a key.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
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
            Output.line("revoked \(key.hex)")
            try KeysCommand.list(key, common)
        }
    }

    /// Lists what a key signed.
    struct Results: ParsableCommand {
        static let configuration = CommandConfiguration(
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
            try KeysCommand.list(key, common)
        }
    }

    /// Every result of the store that a key signed, and who else vouches for it.
    static func list(_ key: VerifyingKey, _ common: StoreOptions) throws {
        try common.enter()
        let store: Store
        do {
            store = try common.open(project: ProjectFolder.of("./x"), creating: false)
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
        Output.line(
            results.isEmpty
                ? "no result in \(store.path) is signed by it"
                : "\(results.count) results in \(store.path) are signed by it; bitlaw audit makes "
                    + "them again")
    }
}
