import Canon

/// A table on its way to the page: headers, and cells that know where they came from.
struct PlacedTable {
    /// A cell: its text, what sorts it, and the inputs that it was read from.
    struct Cell {
        var text = "–"
        var value = JSON.null
        var sources: [Int] = []
    }

    /// The headers of the rows, and of the other columns.
    var header: [String] = []
    /// What stands over the last columns together, and over how many; `nil` for nothing.
    var group: (title: String, count: Int)?
    var rows: [[Cell]] = []

    /// How many rows a table shows where its placing does not say.
    static let usualLimit = 100

    /// Sorts by a column; a `-` before it sorts from the largest down.
    ///
    /// - Throws: ``ResultError`` where no column is called so.
    mutating func sort(by part: Placing.Part) throws(ResultError) {
        let isDown = part.text.hasPrefix("-")
        let name = isDown ? String(part.text.dropFirst()) : part.text
        guard let column = header.firstIndex(of: name) else {
            throw ResultError(
                "no column is called `\(name)`", at: part.offset,
                ["expected: \(ForeignTable.names(header))"] + nearest(name, among: header))
        }
        let ordered = rows.enumerated().sorted { one, other in
            let (a, b) = (one.element[column], other.element[column])
            if let x = a.value.double, let y = b.value.double, x != y { return (x < y) != isDown }
            if a.value.double == nil, b.value.double == nil, a.text != b.text {
                return (a.text < b.text) != isDown
            }
            if (a.value.double == nil) != (b.value.double == nil) { return a.value.double != nil }
            return one.offset < other.offset
        }
        rows = ordered.map { $0.element }
    }
}
