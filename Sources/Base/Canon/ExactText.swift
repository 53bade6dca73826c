/// A text that equals another only where their bytes are the same.
///
/// Swift takes the two forms of `é` (one letter, or `e` with an accent) for one text. A file system does not,
/// so what is looked up by a path from outside is looked up by this.
package struct ExactText: Hashable, Sendable {
    /// The text itself.
    package let text: String

    /// Wraps a text.
    package init(_ text: String) { self.text = text }

    /// Whether the bytes are the same.
    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isSameText(as: right.text)
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xff as UInt8)
    }
}
