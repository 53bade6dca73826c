import Canon
import Numerics
import Workbench

/// Columns beside the law's own whose values the residuals follow: runs, seeds, families that were not named.
struct SharedColumns {
    /// What a reader should know; empty where residuals follow no column.
    let warnings: [String]

    /// Beyond so many points no column is looked at.
    private static let most = 20_000

    /// One-way analysis of variance of the residuals over each column, below 1 in 1,000 for all together.
    init(_ space: ResidualSpace, _ data: LawData) {
        guard space.isNoisy, data.y.count <= SharedColumns.most else {
            warnings = []
            return
        }
        let columns = data.otherColumns.map {
            (name: $0.name, levels: SharedColumns.levels($0.cells))
        }
        .filter { $0.levels.count > 1 && 2 * $0.levels.count <= data.y.count }
        let level = 0.001 / Double(max(1, columns.count))
        let found = columns.compactMap { column -> Found? in
            let (between, within) = SharedColumns.scatter(space.residuals, column.levels)
            let (above, below) = (column.levels.count - 1, data.y.count - column.levels.count)
            let ratio = between / Double(above) / max(within / Double(below), 1e-300)
            let chance = FisherDistribution.tail(ratio, above: above, below: below)
            return chance < level
                ? Found(name: column.name, values: above + 1, ratio: ratio, chance: chance) : nil
        }
        .sorted { ($0.chance, $1.ratio) < ($1.chance, $0.ratio) }
        warnings = SharedColumns.text(found).map { [$0] } ?? []
    }

    /// A column that the residuals follow.
    private struct Found {
        let name: String
        let values: Int
        /// Fisher's F, and how often chance gives as much.
        let ratio, chance: Double
    }

    /// All columns in a line, the strongest first.
    private static func text(_ found: [Found]) -> String? {
        guard let first = found.first else { return nil }
        let named = found.map { "`\($0.name)`" }
        let measured = found.map { "F \(Markup.significant($0.ratio, 2)) over \($0.values) values" }
        return
            "residuals of points with the same \(named.joined(separator: ", or the same ")) are alike "
            + "(\(measured.joined(separator: "; "))): intervals take them as independent; use "
            + "`group: \(first.name)`, or a form that knows \(found.count == 1 ? "it" : "them")"
    }

    /// The points of each value, in the order of the first of each.
    private static func levels(_ cells: [JSON]) -> [[Int]] {
        var known: [JSON: Int] = [:]
        var levels: [[Int]] = []
        for (point, cell) in cells.enumerated() {
            if let level = known[cell] {
                levels[level].append(point)
            } else {
                known[cell] = levels.count
                levels.append([point])
            }
        }
        return levels
    }

    /// Squares of the levels' means about the mean, and of the residuals about their level's.
    private static func scatter(
        _ residuals: [Double], _ levels: [[Int]]
    ) -> (between: Double, within: Double) {
        let mean = residuals.reduce(0, +) / Double(residuals.count)
        return levels.reduce(into: (between: 0.0, within: 0.0)) { sums, level in
            let own = level.reduce(0) { $0 + residuals[$1] } / Double(level.count)
            sums.between += Double(level.count) * (own - mean) * (own - mean)
            for point in level {
                sums.within += (residuals[point] - own) * (residuals[point] - own)
            }
        }
    }
}
