import Canon

/// A place in the bytes of a canonical document that moves on over what is expected.
///
/// Reads what this version writes, without building a JSON value.
struct CanonicalScanner {
    private let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    /// Moves over exactly this text, or stays.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for offset in 0..<count where unsafe bytes[at + offset] != text.utf8Start[offset] {
            return false
        }
        at += count
        return true
    }

    /// 64 hexadecimal digits.
    mutating func digest() -> Digest? {
        guard at + 64 <= bytes.count,
            case .success(let words) = Digest.words(hexDigits: bytes.span.extracting(at..<at + 64))
        else { return nil }
        at += 64
        return Digest(words: words)
    }

    /// The digest of all the bytes but those of some ranges, given in order.
    func digest(without ranges: [Range<Int>]) -> Digest {
        var hasher = SHA256Hasher()
        var start = 0
        for range in ranges {
            hasher.update(bytes.span.extracting(start..<range.lowerBound))
            start = range.upperBound
        }
        hasher.update(bytes.span.extracting(start..<bytes.count))
        return hasher.finalize()
    }

    /// A quoted text of printable ASCII without escapes.
    mutating func plainText() -> String? {
        guard skip("\"") else { return nil }
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] >= 32, bytes[at] < 127, bytes[at] != UInt8(ascii: "\\") else {
                return nil
            }
            at += 1
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return skip("\"") ? text : nil
    }

    /// A quoted text as RFC 8785 writes it, escapes included; `nil` for another spelling and for what is no
    /// UTF-8.
    mutating func text() -> String? {
        guard skip("\"") else { return nil }
        let start = at
        var unescaped: [UInt8]?
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] == UInt8(ascii: "\\") else {
                guard bytes[at] >= 32 else { return nil }
                unescaped?.append(bytes[at])
                at += 1
                continue
            }
            if unescaped == nil { unescaped = Array(bytes[start..<at]) }
            guard let byte = escape() else { return nil }
            unescaped?.append(byte)
        }
        let end = at
        guard skip("\"") else { return nil }
        guard let unescaped else { return String(validating: bytes[start..<end], as: UTF8.self) }
        guard let text = String(validating: unescaped, as: UTF8.self) else { return nil }
        var written: [UInt8] = []
        JSON.append(text, to: &written)
        return written.elementsEqual(bytes[start - 1..<at]) ? text : nil
    }

    /// One escape of RFC 8785: of a quote, a backslash or a control character.
    private mutating func escape() -> UInt8? {
        let short: [(StaticString, UInt8)] = [
            (#"\""#, 34), (#"\\"#, 92), (#"\b"#, 8), (#"\t"#, 9), (#"\n"#, 10), (#"\f"#, 12),
            (#"\r"#, 13),
        ]
        for (written, byte) in short where skip(written) { return byte }
        guard skip(#"\u00"#), at + 2 <= bytes.count,
            let byte = UInt8(String(decoding: bytes[at..<at + 2], as: UTF8.self), radix: 16)
        else { return nil }
        at += 2
        return byte
    }

    /// Digits of a number below 10¹⁵, without a leading zero.
    mutating func wholeNumber() -> Int? {
        let start = at
        var value = 0
        while at < bytes.count, at - start < 15,
            bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9")
        {
            value = 10 * value + Int(bytes[at] - UInt8(ascii: "0"))
            at += 1
        }
        guard at > start, bytes[start] != UInt8(ascii: "0") || at == start + 1 else { return nil }
        return value
    }

    /// A decimal number as ECMAScript writes one from 10⁻⁶ to 10²¹: digits, perhaps a point.
    mutating func number() -> Double? {
        let start = at
        guard let whole = wholeNumber() else { return nil }
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else { return Double(whole) }
        at += 1
        var digits = 0
        while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") {
            at += 1
            digits += 1
        }
        guard digits > 0 else { return nil }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return Double(text)
    }
}
