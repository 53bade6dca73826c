/// A place in a text, counted from 1, in characters.
package struct Place: Sendable, Hashable {
    /// The line.
    package var line: Int
    /// The column.
    package var column: Int
    /// How many characters the caret underlines.
    package var length: Int

    /// Names a place.
    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }
}
