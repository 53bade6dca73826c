/// Points that agree in all of some columns, such as replicates, which agree in all inputs.
struct ReplicateCells {
    /// The points of each cell, ascending; cells in the order of their first points.
    let members: [[Int]]

    /// Sorts points into cells; each column has a number for every point.
    ///
    /// - Complexity: n log n.
    init(_ columns: [[Double]]) {
        var order = Array(columns.first?.indices ?? 0..<0)
        order.sort { a, b in
            for column in columns where column[a] != column[b] { return column[a] < column[b] }
            return a < b
        }
        var cells: [[Int]] = []
        var last: Int?
        for point in order {
            if let before = last, columns.allSatisfy({ $0[before] == $0[point] }) {
                cells[cells.count - 1].append(point)
            } else {
                cells.append([point])
            }
            last = point
        }
        members = cells.sorted { $0[0] < $1[0] }
    }
}
