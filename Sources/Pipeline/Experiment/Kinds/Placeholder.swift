/// A place in a program's words that is filled in when the program starts: `{0}`, `{inputs}`, `{output}`,
/// `{seed}`.
///
/// Another pair of braces makes it text: `{{0}}` is `{0}`, and `{{{0}}}` is `{{0}}`. All other braces are
/// text as they are.
package enum Placeholder {
    /// What stands in a text, from left to right.
    package enum Piece: Equatable, Sendable {
        /// Text as it is.
        case text(String)
        /// A place, by what stands between its braces.
        case place(String)
    }

    /// The pieces of a text, with the braces of those that are text taken off.
    package static func pieces(_ text: String) -> [Piece] {
        scan(text).flatMap { found -> [Piece] in
            guard let name = found.name else { return [.text(found.text)] }
            if found.braces == 1 { return [.place(name)] }
            let braces = found.braces - 1
            return [
                .text(
                    String(repeating: "{", count: braces) + name
                        + String(repeating: "}", count: braces))
            ]
        }
    }

    /// A text in which no place is left: each has another pair of braces.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        return scan(text).map { $0.name == nil ? $0.text : "{\($0.text)}" }.joined()
    }

    /// A part of a text: a place with all braces that it has on both sides, or what stands between two of
    /// them.
    private struct Found {
        let text: String
        let name: String?
        let braces: Int
    }

    private static func scan(_ text: String) -> [Found] {
        var found: [Found] = []
        var plain: [UInt8] = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            let open = bytes[at...].prefix { $0 == UInt8(ascii: "{") }.count
            let name = bytes[(at + open)...].prefix { isOfName($0) }
            let close = bytes[(at + open + name.count)...].prefix { $0 == UInt8(ascii: "}") }.count
            let braces = min(open, close)
            let word = String(decoding: name, as: UTF8.self)
            guard braces > 0, isPlace(word) else {
                let length = max(1, open)
                plain += bytes[at..<(at + length)]
                at += length
                continue
            }
            plain += bytes[at..<(at + open - braces)]
            if !plain.isEmpty {
                found.append(
                    Found(text: String(decoding: plain, as: UTF8.self), name: nil, braces: 0))
            }
            plain = []
            let end = at + open + name.count + braces
            found.append(
                Found(
                    text: String(decoding: bytes[(at + open - braces)..<end], as: UTF8.self),
                    name: word, braces: braces))
            at = end
        }
        if !plain.isEmpty {
            found.append(Found(text: String(decoding: plain, as: UTF8.self), name: nil, braces: 0))
        }
        return found
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isPlace(_ name: String) -> Bool {
        ["inputs", "output", "seed"].contains(name)
            || !name.isEmpty && name.utf8.count < 7
                && name.utf8.allSatisfy { $0 < UInt8(ascii: "a") }
                && (name == "0" || !name.hasPrefix("0"))
    }
}
