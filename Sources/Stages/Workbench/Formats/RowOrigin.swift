/// Where a row of a table came from, so that a message can name it.
package struct RowOrigin: Sendable, Equatable {
    /// The part of a file that gave one row.
    package enum Part: Sendable, Equatable {
        /// All of it: one JSON object.
        case whole
        /// A line, from 1, of a CSV table or of JSON lines.
        case line(Int)
        /// An element, from 1, of a JSON array.
        case element(Int)
    }

    /// What gave the file: an action with its coordinates, or a file of the project.
    package let producer: String
    /// Which part of the file it was.
    package let part: Part

    /// Names a part of what a producer gave.
    package init(producer: String, part: Part) {
        self.producer = producer
        self.part = part
    }

    /// The place in words: `data/runs.csv, line 12`, or `train[width=64]`.
    package var text: String {
        switch part {
        case .whole: producer
        case .line(let number): "\(producer), line \(number)"
        case .element(let number): "\(producer), element \(number)"
        }
    }
}
