/// A text file that diagnostics point into.
package struct SourceText: Sendable {
    /// The path, as the person gave it.
    package let path: String
    /// The lines, without their ends.
    package let lines: [Substring]

    /// Splits a text into lines.
    package init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
