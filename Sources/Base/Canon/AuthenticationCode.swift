import CCrypto

/// A HMAC-SHA256 (RFC 2104) of a message: who does not know the key cannot make one.
package struct AuthenticationCode: Hashable, Sendable {
    /// Its 32 bytes, which are written and ordered as those of a digest are.
    private let code: Digest

    /// Authenticates bytes with a key.
    package init(of message: [UInt8], key: [UInt8]) {
        var words = SIMD4<UInt64>()
        let isMade = unsafe withUnsafeMutableBytes(of: &words) { buffer in
            unsafe HMAC(
                EVP_sha256(), key, CInt(key.count), message, message.count,
                buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        precondition(unsafe isMade != nil, "libcrypto has no HMAC, or no memory is left")
        code = Digest(bigEndian: words)
    }

    /// Reads exactly 64 lowercase hexadecimal digits; `nil` for anything else.
    package init?(hex: String) {
        guard let read = try? Digest(hex: hex) else { return nil }
        self.init(read)
    }

    /// Takes digits that were read as those of a code.
    package init(_ read: Digest) { code = read }

    /// The 64 lowercase hexadecimal digits.
    package var hex: String { code.hex }

    /// The 32 bytes, as a key for something else.
    package var bytes: [UInt8] { code.bytes }
}

extension AuthenticationCode: Comparable {
    /// Orders codes as their hexadecimal digits sort.
    package static func < (left: AuthenticationCode, right: AuthenticationCode) -> Bool {
        left.code < right.code
    }
}
