/// The SHA-256 digest that names bytes by their content: blob name, action key, checkable claim.
///
/// ```swift
/// let digest = Digest(of: Array("abc".utf8).span)
/// print(digest.hex)  // ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
/// ```
public struct Digest: Hashable, Sendable {
    /// The 32 bytes as four big-endian words (`InlineArray` is not `Hashable` in Swift 6.3).
    package let words: SIMD4<UInt64>

    /// Wraps digest words that a hasher finished.
    package init(words: SIMD4<UInt64>) { self.words = words }

    /// Takes the 32 bytes as a hash function left them in memory.
    init(bigEndian words: SIMD4<UInt64>) {
        var words = words
        for index in words.indices { words[index] = UInt64(bigEndian: words[index]) }
        self.words = words
    }

    /// Reads many digests of 32 bytes each, one after the other.
    ///
    /// What is left over, where the number of bytes is no multiple of 32, is passed over.
    package static func all(in bytes: ArraySlice<UInt8>) -> [Digest] {
        unsafe bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / 32).map { place in
                var words = SIMD4<UInt64>()
                for word in 0..<4 {
                    words[word] = unsafe UInt64(
                        bigEndian: buffer.loadUnaligned(
                            fromByteOffset: 32 * place + 8 * word, as: UInt64.self))
                }
                return Digest(words: words)
            }
        }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }

    /// Reads exactly 64 lowercase hexadecimal digits; nothing else names a blob.
    ///
    /// - Throws: ``DigestFormatError`` with the length, or the first bad byte and its offset.
    public init(hex: String) throws(DigestFormatError) {
        var hex = hex
        let words = hex.withUTF8 { text in Digest.words(hexDigits: unsafe text.span) }
        switch words {
        case .success(let words): self.words = words
        case .failure(let error): throw error
        }
    }

    /// Reads exactly 64 lowercase hexadecimal digits.
    package static func words(hexDigits text: Span<UInt8>) -> Result<
        SIMD4<UInt64>, DigestFormatError
    > {
        guard text.count == 64 else { return .failure(.length(text.count)) }
        var words = SIMD4<UInt64>()
        for word in 0..<4 {
            var value: UInt64 = 0
            for offset in 16 * word..<16 * (word + 1) {
                guard let digit = hexDigitValue(text[offset]) else {
                    return .failure(.digit(text[offset], at: offset))
                }
                value = value << 4 | digit
            }
            words[word] = value
        }
        return .success(words)
    }

    /// The 64 lowercase hexadecimal digits, as `sha256sum` prints them.
    public var hex: String {
        unsafe String(unsafeUninitializedCapacity: 64) { out in
            for word in 0..<4 {
                var rest = words[word]
                for index in (16 * word..<16 * (word + 1)).reversed() {
                    let digit = UInt8(truncatingIfNeeded: rest & 15)
                    // '0'…'9', then 'a'…'f', 39 places further on.
                    unsafe out[index] = digit &+ 48 &+ (digit > 9 ? 39 : 0)
                    rest >>= 4
                }
            }
            return 64
        }
    }

    /// The first 12 digits: enough for a person to tell digests of one experiment apart.
    public var short: String { String(hex.prefix(12)) }
}

extension Digest: CustomStringConvertible {
    /// The 64 lowercase hexadecimal digits.
    public var description: String { hex }
}

extension Digest: Comparable {
    /// Orders digests as their hexadecimal digits sort.
    public static func < (left: Digest, right: Digest) -> Bool {
        for index in 0..<4 where left.words[index] != right.words[index] {
            return left.words[index] < right.words[index]
        }
        return false
    }
}

/// Why text is not a digest.
public enum DigestFormatError: Error, Equatable {
    /// The text has this many bytes instead of 64.
    case length(Int)
    /// This byte, at this offset, is no lowercase hexadecimal digit.
    case digit(UInt8, at: Int)
}

/// The value of a lowercase hexadecimal digit, or `nil`.
package func hexDigitValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: nil
    }
}
