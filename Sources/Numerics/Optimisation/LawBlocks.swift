/// Which coordinates the points touch: those that touch the same ones are a block.
///
/// In a joint fit a point knows the values of its own group and those that all share. So slopes are few, and
/// the curvature is an arrow: a block for each group, and a border of what is shared.
package struct LawBlocks: Sendable, Equatable {
    /// Points that touch the same coordinates.
    struct Block: Sendable, Equatable {
        /// The coordinates, ascending, as many in every block.
        let coordinates: [Int]
        /// The points, ascending.
        let rows: [Int]
    }

    /// The blocks.
    let blocks: [Block]
    /// How many coordinates a point touches.
    let width: Int
    /// All coordinates, those of one block alone first, block by block: in this order elimination leaves
    /// the arrow as it is.
    let order: [Int]

    /// Every point touches every coordinate.
    package init(points n: Int, coordinates p: Int) {
        blocks = [Block(coordinates: Array(0..<p), rows: Array(0..<n))]
        width = p
        order = Array(0..<p)
    }

    /// Blocks by label.
    ///
    /// - Parameters:
    ///   - labels: the block of each point; a block in between may have none.
    ///   - coordinates: those of each block.
    ///   - count: how many coordinates there are.
    init(labels: [Int], coordinates: [[Int]], of count: Int) {
        var rows = [[Int]](repeating: [], count: coordinates.count)
        for (row, label) in labels.enumerated() { rows[label].append(row) }
        blocks = zip(coordinates, rows).map { Block(coordinates: $0, rows: $1) }
        width = coordinates.first?.count ?? count
        var uses = [Int](repeating: 0, count: count)
        for j in coordinates.joined() { uses[j] += 1 }
        let own = coordinates.flatMap { some in some.filter { uses[$0] == 1 } }
        order =
            coordinates.count < 2
            ? Array(0..<count) : own + (0..<count).filter { uses[$0] != 1 }
    }

    /// Rows of slopes by all `count` coordinates, from rows by those that a point touches.
    package func spread(_ slopes: [Double], over count: Int) -> [Double] {
        if width == count { return slopes }
        var all = [Double](repeating: 0, count: slopes.count / max(1, width) * count)
        for block in blocks {
            for row in block.rows {
                for (place, j) in block.coordinates.enumerated() {
                    all[row * count + j] = slopes[row * width + place]
                }
            }
        }
        return all
    }
}
