/// Points that agree in all inputs: replicates of one configuration.
struct ReplicateCells {
    /// The points of each cell, in the order of the first of each.
    private(set) var members: [[Int]] = []

    /// Sorts points into cells; a column for each input.
    init(_ x: [[Double]]) {
        var known: [[Double]: Int] = [:]
        for point in x.first?.indices ?? 0..<0 {
            let key = x.map { $0[point] }
            if let cell = known[key] {
                members[cell].append(point)
            } else {
                known[key] = members.count
                members.append([point])
            }
        }
    }
}
