import Canon
import Experiment
import Numerics
import Workbench

/// One learning curve: what is fitted, and its end that is held out.
struct LearningCurve {
    /// The values of the columns that name it.
    let name: [JSON]
    /// The fitted rows by ascending x; rows of one x in the order of the table.
    let data: LawData
    /// The held-out rows.
    let heldOutX, heldOutY: [Double]

    /// What a table's curves are, and where they end.
    struct Selection {
        var names: [String]
        var x, y: String
        /// A column of 1 for rows to fit.
        var train: String?
        /// The part of the rows that is fitted; without it, and without `train`, x up to half of the largest.
        var fraction: Double?
        var points = LawData.Selection()
    }

    /// The curves of a table in the order in which they first appear.
    ///
    /// - Throws: ``FormatError`` naming the row that does not fit.
    static func all(_ table: Table, _ selection: Selection) throws -> [LearningCurve] {
        let keys = try selection.names.map(table.points)
        let marks = try selection.train.map(table.points)
        let cells = try LawCells(
            table, inputs: [selection.x], y: selection.y, selection.points)
        var order: [[JSON]] = []
        var rows: [[JSON]: [(row: Int, x: Double, y: Double)]] = [:]
        for row in table.rows.indices where try cells.isWanted(row) {
            let (inputs, y) = try cells.numbers(row)
            let key = keys.map { $0[row] }
            if rows[key] == nil { order.append(key) }
            rows[key, default: []].append((row, inputs[0], y))
        }
        var points = selection.points
        points.filter = nil
        return try order.map { key in
            let mine = (rows[key] ?? []).sorted { ($0.x, $0.row) < ($1.x, $1.row) }
            let most = mine.last?.x ?? 0
            let count = selection.fraction.map { Int($0 * Double(mine.count)) }
            let isFitted = mine.enumerated().map { place, one -> Bool in
                if let marks { return marks[one.row] == 1 || marks[one.row] == true }
                return count.map { place < $0 } ?? (one.x <= most / 2)
            }
            let held = zip(mine, isFitted).filter { !$0.1 }.map { $0.0 }
            return LearningCurve(
                name: key,
                data: try LawData(
                    table.selected(zip(mine, isFitted).filter { $0.1 }.map { $0.0.row }),
                    columns: [selection.x], y: selection.y, points),
                heldOutX: held.map { $0.x }, heldOutY: held.map { $0.y })
        }
    }

    /// The fitted rows as the released code of Alabdulmohsin et al. keys them: of rows at one x the last.
    var lastOfEach: (x: [Double], y: [Double]) {
        var last: [Double: Double] = [:]
        for (x, y) in zip(data.x[0], data.y) { last[x] = y }
        let x = last.keys.sorted()
        return (x, x.map { last[$0] ?? 0 })
    }

    /// Root mean square of log errors, and the published standard error of it; not defined where y ≤ 0.
    func score(_ predicted: [Double]) -> (error: Double, deviation: Double) {
        let squares = zip(predicted, heldOutY).map {
            let r = Elementary.log($0) - Elementary.log($1)
            return r * r
        }
        let n = Double(max(1, squares.count))
        let mean = squares.reduce(0, +) / n
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let error = mean.squareRoot()
        return (error, (mean + variance.squareRoot() / n.squareRoot()).squareRoot() - error)
    }
}
