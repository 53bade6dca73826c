/// A text file that diagnostics point into.
package struct SourceText: Sendable {
    /// The path, as the person gave it.
    package let path: String
    /// The lines, without their ends: a line feed, a carriage return or both.
    package let lines: [Substring]

    /// Splits a text into lines.
    package init(path: String, text: String) {
        self.path = path
        let bytes = text.utf8
        var lines: [Substring] = []
        var start = bytes.startIndex
        var at = start
        while at < bytes.endIndex {
            let byte = bytes[at]
            let next = bytes.index(after: at)
            guard byte == 0x0A || byte == 0x0D else {
                at = next
                continue
            }
            lines.append(text[start..<at])
            let isPair = byte == 0x0D && next < bytes.endIndex && bytes[next] == 0x0A
            at = isPair ? bytes.index(after: next) : next
            start = at
        }
        lines.append(text[start...])
        self.lines = lines
    }
}
