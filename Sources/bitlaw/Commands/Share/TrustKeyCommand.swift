import ArgumentParser
import LocalStore
import Trust

/// Trusts a key.
struct TrustKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Know a person's public key by a name that policies use.",
        discussion: """
            Check the digits with the person, not with whoever sent the file.

            EXAMPLE
              bitlaw keys trust grace grace.pub
            """)

    @Argument(help: "The name by which policies know the key.") var name: String
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
