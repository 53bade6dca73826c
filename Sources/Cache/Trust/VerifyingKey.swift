import CCrypto
package import Canon
package import System

/// An Ed25519 public key (RFC 8032): who a signature is by.
package struct VerifyingKey: Hashable, Sendable {
    /// The 32 bytes of the key.
    package let bytes: [UInt8]

    /// Takes the 32 bytes of a key; `nil` for another number of them, and for bytes that no private key
    /// stands behind.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32, EdwardsPoint.fault(of: bytes) == nil else { return nil }
        self.bytes = bytes
    }

    /// Names the key: the SHA-256 of its 32 bytes.
    package var id: Digest { Digest(of: bytes.span) }

    /// Whether the key's owner signed the message (Ed25519 without prehash or context).
    ///
    /// Anything that is not exactly a valid signature of 64 bytes is a plain `false`.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        return requireLibcrypto(
            unsafe bitlaw_ed25519_verify(bytes, message, message.count, signature))
    }
}

extension VerifyingKey {
    /// SubjectPublicKeyInfo of RFC 8410 before the key's 32 bytes.
    private static let prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// The key as `openssl pkey -pubout` writes it.
    package var pem: String {
        PEM.text(label: "PUBLIC KEY", VerifyingKey.prefix + bytes)
    }

    /// The key as 64 hexadecimal digits.
    package var hex: String { hexText(bytes) }

    /// Reads a key from a PEM block or from 64 hexadecimal digits; white space around them is
    /// passed over.
    ///
    /// - Throws: ``OperationalError`` `malformed`, naming `origin`.
    package init(text: String, origin: String) throws(OperationalError) {
        if let bytes = PEM.bytes(label: "PUBLIC KEY", text), bytes.count == 44,
            Array(bytes.prefix(12)) == VerifyingKey.prefix
        {
            self.bytes = Array(bytes.dropFirst(12))
        } else if let bytes = hexBytes(PEM.trimmed(text)), bytes.count == 32 {
            self.bytes = bytes
        } else {
            throw OperationalError(
                code: .malformed,
                message: "\(origin): expected an Ed25519 public key (a PEM block PUBLIC KEY, or "
                    + "64 hexadecimal digits), found \(PEM.found(text))",
                remedy: "ask its owner for the public half, the file that ends in .pub")
        }
        if let fault = EdwardsPoint.fault(of: self.bytes) {
            throw OperationalError(
                code: .untrusted,
                message: "\(origin): expected an Ed25519 public key, found \(fault), which anybody "
                    + "can sign for or nobody",
                remedy: "do not trust whoever gave it to you; no program makes such a key")
        }
    }

    /// Reads the key of a file.
    ///
    /// - Throws: ``OperationalError`` `missing` or `malformed`.
    package init(fileAt path: String) throws {
        self = try VerifyingKey(text: try PEM.text(ofFile: path), origin: path)
    }
}
