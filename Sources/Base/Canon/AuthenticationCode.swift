import CCrypto

/// A HMAC-SHA256 (RFC 2104) of a message: who does not know the key cannot make one.
package struct AuthenticationCode: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// Authenticates bytes with a key.
    package init(of message: [UInt8], key: [UInt8]) {
        var code = [UInt8](repeating: 0, count: 32)
        let isMade = unsafe HMAC(
            EVP_sha256(), key, CInt(key.count), message, message.count, &code, nil)
        precondition(unsafe isMade != nil, "libcrypto has no HMAC, or no memory is left")
        var words = SIMD4<UInt64>()
        for (place, byte) in code.enumerated() {
            words[place / 8] = words[place / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// Reads exactly 64 lowercase hexadecimal digits; `nil` for anything else.
    package init?(hex: String) {
        guard let read = try? Digest(hex: hex) else { return nil }
        self.init(read)
    }

    /// Takes digits that were read as those of a code.
    package init(_ read: Digest) { words = read.words }

    /// The 64 lowercase hexadecimal digits.
    package var hex: String { Digest(words: words).hex }

    /// The 32 bytes, as a key for something else.
    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }
}

extension AuthenticationCode: Comparable {
    /// Orders codes as their hexadecimal digits sort.
    package static func < (left: AuthenticationCode, right: AuthenticationCode) -> Bool {
        Digest(words: left.words) < Digest(words: right.words)
    }
}
