import ArgumentParser
import Canon
import LocalStore
import System
import Trust

/// Signs files, such as the checksums of a release.
struct SignFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign files with your key: each gets a statement beside it, FILE.dsse.",
        discussion: """
            The statement names the file and its SHA-256: an in-toto Statement in a DSSE envelope, signed \
            with Ed25519. It says that you vouch for the file, and nothing about any result.

            EXAMPLE
              bitlaw keys sign SHA256SUMS
            """)

    @Argument(help: "The files.") var files: [String]

    func run() throws {
        guard let key = try KeyStore().signingKey() else {
            throw UsageError(text: "you have no key to sign with\n  fix: bitlaw keys new NAME")
        }
        for file in files {
            let envelope = SignedFile.envelope(
                name: VerifyFileCommand.name(of: file),
                digest: try VerifyFileCommand.digest(of: file),
                key: key)
            try writeWholeFile(
                Array((envelope.json.canonicalText + "\n").utf8), to: file + SignedFile.suffix,
                .durable)
            Output.line("wrote \(file)\(SignedFile.suffix), signed by \(key.verifyingKey.hex)")
        }
    }
}
