import Canon
import Glibc
import System

/// Keys as text: PEM blocks (RFC 7468) and hexadecimal digits.
enum PEM {
    /// One block, base64 in lines of 64.
    static func text(label: String, _ bytes: [UInt8]) -> String {
        var lines = ["-----BEGIN \(label)-----"]
        var rest = Base64.encode(bytes)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The bytes of a text that is one block of the label and nothing else.
    static func bytes(label: String, _ text: String) -> [UInt8]? {
        let lines = trimmed(text).split(whereSeparator: \.isNewline)
        guard lines.count >= 3, lines[0] == "-----BEGIN \(label)-----",
            lines[lines.count - 1] == "-----END \(label)-----"
        else { return nil }
        return Base64.decode(lines[1..<lines.count - 1].joined())
    }

    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text.drop { $0.isWhitespace })
    }

    /// What a text is, said without showing it: it may be somebody's secret.
    static func found(_ text: String) -> String {
        let first = trimmed(text).prefix { !$0.isNewline }
        if first.hasPrefix("-----BEGIN "), first.hasSuffix("-----") {
            return "a block \(first.dropFirst(11).dropLast(5))"
        }
        return text.isEmpty ? "an empty file" : "\(text.utf8.count) bytes of something else"
    }

    /// The text of a key file, which is small.
    static func text(ofFile path: String) throws -> String {
        guard let bytes = try readSmallFile(path) else {
            throw OperationalError(
                code: .missing, message: "\(path): no such key file",
                remedy: "check the path; bitlaw keys new makes a key")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Bytes as lowercase hexadecimal digits.
package func hexText(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes of hexadecimal digits of either case; `nil` for anything else.
package func hexBytes(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: text.count, by: 2) {
        var value: UInt8 = 0
        for digit in text[place..<place + 2] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | (digit - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | (digit - 55)
            default: return nil
            }
        }
        bytes.append(value)
    }
    return bytes
}
