import CCrypto
import Canon
import Glibc
package import System

/// An Ed25519 private key (RFC 8032): its file is readable by its owner alone.
package struct SigningKey: Sendable {
    /// The 32 secret bytes that the key pair follows from.
    private let seed: [UInt8]
    /// The public half.
    package let verifyingKey: VerifyingKey

    /// Makes a key from the kernel's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        var seed: [UInt8] = []
        for _ in 0..<32 { seed.append(UInt8.random(in: .min ... .max, using: &generator)) }
        guard let key = SigningKey(seed: seed) else {
            preconditionFailure("libcrypto has no Ed25519")
        }
        self = key
    }

    /// Takes the 32 bytes of a private key; `nil` for another number of them.
    package init?(seed: [UInt8]) {
        guard seed.count == 32 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard requireLibcrypto(unsafe bitlaw_ed25519_public_key(seed, &bytes)),
            let verifyingKey = VerifyingKey(bytes: bytes)
        else { return nil }
        self.seed = seed
        self.verifyingKey = verifyingKey
    }

    /// The 64 bytes of the signature; the same message gives the same bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        guard
            requireLibcrypto(
                unsafe bitlaw_ed25519_sign(seed, message, message.count, &signature))
        else { preconditionFailure("libcrypto could not sign with Ed25519") }
        return signature
    }
}

extension SigningKey {
    /// PrivateKeyInfo of RFC 8410 before the key's 32 bytes.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]

    /// The key as `openssl genpkey -algorithm ed25519` writes it.
    package var pem: String { PEM.text(label: "PRIVATE KEY", SigningKey.prefix + seed) }

    /// Reads a key from a PEM block or from 64 hexadecimal digits.
    ///
    /// - Throws: ``OperationalError`` `malformed`, naming `origin`; the text itself is never shown.
    package init(text: String, origin: String) throws(OperationalError) {
        var seed = hexBytes(PEM.trimmed(text))
        if let bytes = PEM.bytes(label: "PRIVATE KEY", text), bytes.count == 48,
            Array(bytes.prefix(16)) == SigningKey.prefix
        {
            seed = Array(bytes.dropFirst(16))
        }
        guard let seed, let key = SigningKey(seed: seed) else {
            throw OperationalError(
                code: .malformed,
                message: "\(origin): expected an Ed25519 private key (a PEM block PRIVATE KEY "
                    + "without a password, or 64 hexadecimal digits), found \(PEM.found(text))",
                remedy: "bitlaw keys new makes one, and so does openssl genpkey -algorithm ed25519")
        }
        self = key
    }

    /// Reads the key of a file that nobody but its owner may read.
    ///
    /// - Throws: ``OperationalError`` `missing`, `malformed`, or `permission` where others may read it.
    package init(fileAt path: String) throws {
        let text = try PEM.text(ofFile: path)
        var status = stat()
        // A public key that was named by mistake is told as what it is, not as one that leaked.
        if unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0,
            PEM.bytes(label: "PUBLIC KEY", text) == nil
        {
            throw OperationalError(
                code: .permission,
                message: "\(path): expected a private key that only its owner may read (mode 600), "
                    + "found mode \(String(status.st_mode & 0o777, radix: 8))",
                remedy: "chmod 600 \(path); if others could have read it, make a new one")
        }
        self = try SigningKey(text: text, origin: path)
    }

    /// Writes the key to `path` with mode 600, and its public half to `path` + `.pub`.
    ///
    /// - Throws: ``OperationalError``; where either file exists already nothing is overwritten.
    package func write(to path: String) throws {
        for existing in [path, path + ".pub"] where unsafe access(existing, F_OK) == 0 {
            throw OperationalError(
                code: .permission, message: "\(existing): a file is there already",
                remedy: "choose another name; a key is never overwritten")
        }
        for (target, text, mode) in [
            (path, pem, UInt32(0o600)), (path + ".pub", verifyingKey.pem, UInt32(0o644)),
        ] {
            try writeWholeFile(Array(text.utf8), to: target, .durable, isNew: true, mode: mode)
        }
    }
}
