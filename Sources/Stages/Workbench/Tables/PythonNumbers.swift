/// JSON as Python's `json.dumps` writes it, with `NaN`, `Infinity` and `-Infinity` in the place of numbers.
package struct PythonNumbers {
    /// The same text with these words in quotes, so that it is JSON and the words are no numbers.
    package let text: [UInt8]
    /// How many words there were.
    let count: Int

    private static let words = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }

    /// Looks for the words outside of texts.
    ///
    /// - Complexity: linear in the bytes.
    package init(_ bytes: [UInt8]) {
        var text: [UInt8] = []
        var count = 0
        var copied = 0
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""): at = PythonNumbers.end(ofTextAt: at, in: bytes)
            case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-"):
                guard let word = PythonNumbers.words.first(where: { bytes[at...].starts(with: $0) })
                else {
                    at += 1
                    continue
                }
                text += bytes[copied..<at]
                text += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
                at += word.count
                copied = at
                count += 1
            default: at += 1
            }
        }
        self.text = count == 0 ? bytes : text + bytes[copied...]
        self.count = count
    }

    /// The offset after the closing quote of a text.
    private static func end(ofTextAt start: Int, in bytes: [UInt8]) -> Int {
        var at = start + 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(at + 1, bytes.count)
    }
}
