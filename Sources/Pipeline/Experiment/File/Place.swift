/// A place in a text, counted from 1, in characters.
package struct Place: Sendable, Hashable {
    /// The line.
    package var line: Int
    /// The column.
    package var column: Int
    /// How many characters the caret underlines.
    package var length: Int
    /// Which of the texts that make up the experiment it stands in: 0 is its file.
    package var text = 0

    /// Names a place.
    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }
}
