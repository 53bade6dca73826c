/// Sites of a square, each occupied or empty; occupied neighbours are in one cluster.
///
/// The square has no border: its right side is beside its left one, its last row above its first.
public struct SquareLattice {
    /// Sites along a side.
    public let side: Int
    /// Whether each site is occupied, row after row.
    public let isOccupied: [Bool]

    /// A square, row after row.
    public init(side: Int, isOccupied: [Bool]) {
        precondition(isOccupied.count == side * side, "\(isOccupied.count) sites of side \(side)")
        self.side = side
        self.isOccupied = isOccupied
    }

    /// The sites of every cluster, largest first.
    ///
    /// Each site is joined with the next ones: sets are trees, and the root of a tree names the cluster.
    public func clusterSizes() -> [Int] {
        var parent = Array(isOccupied.indices)
        func root(_ site: Int) -> Int {
            var site = site
            while parent[site] != site {
                parent[site] = parent[parent[site]]
                site = parent[site]
            }
            return site
        }
        for site in isOccupied.indices where isOccupied[site] {
            let (row, column) = (site / side, site % side)
            let right = row * side + (column + 1) % side
            let below = (row + 1) % side * side + column
            if isOccupied[right] { parent[root(site)] = root(right) }
            if isOccupied[below] { parent[root(site)] = root(below) }
        }
        var sizes = [Int](repeating: 0, count: isOccupied.count)
        for site in isOccupied.indices where isOccupied[site] { sizes[root(site)] += 1 }
        return sizes.filter { $0 > 0 }.sorted(by: >)
    }
}
