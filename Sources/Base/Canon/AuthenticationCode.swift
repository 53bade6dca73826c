/// A HMAC-SHA256 (RFC 2104) of a message: who does not know the key cannot make one.
package struct AuthenticationCode: Hashable, Sendable {
    /// Its 32 bytes, which are written and ordered as those of a digest are.
    private let code: Digest

    /// Authenticates bytes with a key.
    package init(of message: [UInt8], key: [UInt8]) {
        // A key is filled up to a block, and one that is longer is hashed first.
        var block = key
        if key.count > 64 { block = Digest(of: key.span).bytes }
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = block.map { $0 ^ 0x36 } + message
        let outer = block.map { $0 ^ 0x5C } + Digest(of: inner.span).bytes
        code = Digest(of: outer.span)
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
