import LocalStore
import System
import Trust

/// A public key, as people name it on the command line.
enum SignerArgument {
    /// The key of a file, of 64 digits, or of a name of `bitlaw keys`.
    ///
    /// - Throws: ``OperationalError``; a key that was revoked here is refused by any of its names.
    static func key(_ text: String, _ keyStore: KeyStore) throws -> VerifyingKey {
        let named = keyStore.trusted[text] ?? keyStore.revoked[text]
        let isDigits = text.utf8.count == 64 && !text.contains(where: { "./".contains($0) })
        let key =
            try named
            ?? (isDigits
                ? VerifyingKey(text: text, origin: "--key") : VerifyingKey(fileAt: text))
        if let name = keyStore.revoked.first(where: { $0.value == key })?.key {
            throw OperationalError(
                code: .untrusted, message: "--key \(text): this key was revoked, as \(name)",
                remedy: "ask its owner for a new one; a revoked key stays revoked")
        }
        return key
    }
}
