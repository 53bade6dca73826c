/// A mistake in an expression over results: where it stands, and what is allowed.
package struct ResultError: Error, Equatable, CustomStringConvertible {
    /// Where in the expression, in characters from 0.
    package let offset: Int
    /// What was found.
    package let message: String
    /// What is allowed, one line each.
    package let notes: [String]

    /// Names a mistake.
    package init(_ message: String, at offset: Int, _ notes: [String] = []) {
        self.offset = offset
        self.message = message
        self.notes = notes
    }

    /// The same mistake in a larger text.
    func moved(by offset: Int) -> ResultError {
        ResultError(message, at: self.offset + offset, notes)
    }

    /// The mistake, its place and what is allowed, in one line.
    package var description: String {
        "\(message) at character \(offset + 1)" + notes.map { "; \($0)" }.joined()
    }
}
