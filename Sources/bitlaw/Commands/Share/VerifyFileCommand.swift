import ArgumentParser
import Canon
import LocalStore
import System
import Trust

/// Checks the signature of a file.
struct VerifyFileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a file against FILE.dsse, and who signed that.",
        discussion: """
            A signature counts where it is by a key that you trust (bitlaw keys trust), or by --key.

            EXIT CODES
              0 signed, and unchanged
              3 nobody whom you trust signed it
              4 the file was changed

            EXAMPLE
              bitlaw keys verify SHA256SUMS --key ada.pub
            """)

    @Argument(help: "The signed file; FILE.dsse stands beside it.") var file: String

    @Option(help: "The key that has to have signed: a name, a file, or 64 hexadecimal digits.")
    var key: String?

    func run() throws {
        let path = file + SignedFile.suffix
        guard let bytes = try readWholeFile(path, limit: 1 << 20) else {
            throw OperationalError(
                code: .missing, message: "\(path): no such file",
                remedy: "get it from where \(file) came from; `bitlaw keys sign` makes it")
        }
        let envelope = try DSSEEnvelope(parsing: bytes, origin: path)
        let digest = try SignedFile.digest(
            in: envelope, name: VerifyFileCommand.name(of: file), origin: path)
        let names = try signers(of: envelope)
        guard !names.isEmpty else {
            throw OperationalError(
                code: .untrusted,
                message: "\(path): not signed by \(key ?? "a key that you trust")",
                remedy: "get the signer's key from the signer, then `bitlaw keys trust NAME KEY`")
        }
        let found = try VerifyFileCommand.digest(of: file)
        guard found == digest else {
            Output.error(
                "\(file): expected sha256 \(digest.hex), found \(found.hex)\n"
                    + "  fix: get the file again\n")
            throw ExitCode(Code.difference)
        }
        Output.line("\(file): unchanged, signed by \(names.joined(separator: ", "))")
    }

    /// The names of those who count, of those who signed.
    private func signers(of envelope: DSSEEnvelope) throws -> [String] {
        let keys = try KeyStore()
        if let key {
            let wanted = try SignerArgument.key(key, keys)
            return envelope.signers(among: [wanted]).isEmpty ? [] : [key]
        }
        let good = keys.trusted.filter { !keys.isRevoked($0.value) }
        let found = Set(envelope.signers(among: Array(good.values)))
        return good.filter { found.contains($0.value) }.keys.sorted()
    }

    /// What a file is called in its statement.
    static func name(of file: String) -> String {
        file.split(separator: "/").last.map(String.init) ?? file
    }

    /// The digest of a file, of any size.
    ///
    /// - Throws: ``OperationalError`` `missing`, and what reading it throws.
    static func digest(of file: String) throws -> Digest {
        guard let plain = try PlainFile.open(file) else {
            throw OperationalError(
                code: .missing, message: "\(file): no such file",
                remedy: "name a file that is there")
        }
        return try plain.digest().digest
    }
}
