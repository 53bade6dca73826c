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
        /// A record, from 1, of a file of events.
        case record(Int)

        /// Its place among its like; 0 for all of the file.
        var number: Int {
            switch self {
            case .whole: 0
            case .line(let number), .element(let number), .record(let number): number
            }
        }

        /// The part in words; empty where it is all of the file.
        package var text: String {
            switch self {
            case .whole: ""
            case .line(let number): "line \(number)"
            case .element(let number): "element \(number)"
            case .record(let number): "record \(number)"
            }
        }
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
        part == .whole ? producer : "\(producer), \(part.text)"
    }
}
