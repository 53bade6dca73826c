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
        guard let bytes = try readWholeFile(path, limit: 1 << 20) else {
            throw OperationalError(
                code: .missing, message: "\(path): no such key file",
                remedy: "check the path; bitlaw keys new makes a key")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
