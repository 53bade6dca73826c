import Canon

/// A number that is none: `NaN`, `Infinity` or `-Infinity`.
///
/// Python's `json.dumps` writes these words, and JSON has none of them.
struct ForeignNumber: Equatable {
    /// The word.
    let word: String
    /// The path of the member that has it, such as `test.loss`.
    let path: String
    /// The line that it stands in, from 1.
    let line: Int

    private static let words = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }

    /// The first in a text that is else JSON; `nil` where there is none.
    init?(in bytes: [UInt8]) {
        var keys: [String] = []
        var line = 1
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): keys.append("")
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = keys.popLast()
            case UInt8(ascii: "\""):
                let end = ForeignNumber.end(ofTextAt: at, in: bytes)
                let after = bytes[end...].first { !" \n\r\t".utf8.contains($0) }
                if after == UInt8(ascii: ":"), !keys.isEmpty {
                    keys[keys.count - 1] = String(decoding: bytes[at + 1..<end - 1], as: UTF8.self)
                }
                at = end
                continue
            default:
                if let word = ForeignNumber.words.first(where: { bytes[at...].starts(with: $0) }) {
                    self.word = String(decoding: word, as: UTF8.self)
                    path = keys.filter { !$0.isEmpty }.joined(separator: ".")
                    self.line = line
                    return
                }
            }
            at += 1
        }
        return nil
    }

    /// The offset after the closing quote of a text.
    private static func end(ofTextAt start: Int, in bytes: [UInt8]) -> Int {
        var at = start + 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(at + 1, bytes.count)
    }

    /// The mistake for people, where the text begins in a line of its file.
    func text(firstLine: Int) -> String {
        let what = path.isEmpty ? "a value" : "`\(visible(path, most: 100))`"
        return
            "line \(firstLine + line - 1): expected \(what) to be a number, found \(word), which is no JSON\n"
            + "  fix: let its program write null or leave the member out (in Python json.dumps(…, "
            + "allow_nan=False) tells where it comes from), and find out what diverged"
    }
}
