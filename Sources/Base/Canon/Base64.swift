/// Base64 with padding (RFC 4648, section 4), as DSSE envelopes and PEM files carry bytes.
package enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes, padded with `=` to a multiple of four.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = 0
            for byte in group { word = word << 8 | Int(byte) }
            word <<= 8 * (3 - group.count)
            for place in 0..<4 {
                text.append(
                    place <= group.count
                        ? digits[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, or `nil` where it is not exactly what ``encode(_:)`` writes.
    ///
    /// The URL-safe digits `-` and `_` are read too, as the DSSE specification asks of readers.
    /// Bits that padding leaves over have to be zero, so that no two texts mean the same bytes.
    package static func decode(_ text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var padding = 0
            if start + 4 == text.count {
                while padding < 2, text[start + 3 - padding] == UInt8(ascii: "=") { padding += 1 }
            }
            var word = 0
            for place in 0..<4 - padding {
                guard let digit = value(text[start + place]) else { return nil }
                word = word << 6 | digit
            }
            word <<= 6 * padding
            guard word & (1 << (8 * padding) - 1) == 0 else { return nil }
            for place in 0..<3 - padding {
                bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * place)))
            }
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> Int? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) - 48 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
