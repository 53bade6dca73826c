import Canon
package import Experiment
import Numerics
import Workbench

/// Prepares curves for a fit: drops the beginning of each, smooths, adds rows that are known.
package enum TableWindowStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "table.window", version: 2,
        summary: """
            Drops the first rows of each group, takes trailing means of columns, and appends rows that \
            are known without a measurement.
            """,
        source: "Bhagia et al., arXiv 2412.04403, step 2",
        parameters: [
            Parameter(
                "group", .list(.text, count: 0...100), default: [],
                "The columns whose values a curve shares; all rows are one curve without them."),
            Parameter(
                "drop_first", .number(from: 0, to: 1, openHigh: true), default: 0,
                "The share of each group's rows that is dropped, rounded up."),
            Parameter(
                "mean", .list(.text, count: 0...1000), default: [],
                "The columns that become trailing means within their group."),
            Parameter(
                "over", .integer(1...1_000_000), default: 1,
                "The mean is over this row and those before it, at most so many."),
            Parameter(
                "rows", .list(.any, count: 0...1000), default: [],
                "Rows to append, such as {loss: 0, accuracy: 1}; other columns stay empty."),
        ],
        inputs: [
            InputPort(
                "table", "rows in the order of their curve", isCollection: true,
                takesSeveralStages: true)
        ],
        outputs: [OutputPort("table", fileName: "table.csv", "The rows that are left, as CSV.")])

    /// Groups, drops, smooths, appends.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let table = try context.points(of: "table")
        let keys = try parameters.texts("group").map(table.points)
        let means = parameters.texts("mean")
        let cells = try means.map(table.points)
        let places = try means.map { name in
            if let place = table.columns.firstIndex(of: name) { return place }
            throw FormatError("mean: `\(name)` is a member of a column; expected a column itself")
        }
        var groups: [[JSON]: [Int]] = [:]
        for row in table.rows.indices { groups[keys.map { $0[row] }, default: []].append(row) }
        let share = parameters.number("drop_first")
        var smoothed: [Int: [JSON]] = [:]
        for rows in groups.values {
            let kept = Array(rows.dropFirst(Int((share * Double(rows.count)).rounded(.up))))
            for (place, row) in kept.enumerated() {
                let window = kept[max(0, place + 1 - parameters.integer("over"))...place]
                smoothed[row] = try zip(means, cells).map { name, column in
                    try mean(window, of: name, column, table)
                }
            }
        }
        var result = Table(columns: table.columns)
        for row in table.rows.indices {
            guard let values = smoothed[row] else { continue }
            var cells = table.rows[row]
            for (place, value) in zip(places, values) { cells[place] = value }
            result.append(cells)
        }
        for row in parameters.value("rows").elements ?? [] {
            result.append(try known(row, table.columns))
        }
        try context.write("table", result.csv())
    }

    /// The mean of a column over some rows, summed in their order.
    private static func mean(
        _ rows: ArraySlice<Int>, of name: String, _ column: [JSON], _ table: Table
    ) throws -> JSON {
        var sum = 0.0
        for row in rows {
            guard let number = column[row].double else {
                throw FormatError(
                    "\(table.place(ofRow: row)): mean: expected a number as `\(name)`, found "
                        + "\(visible(column[row].canonicalText, most: 60)); leave such rows out with the "
                        + "`where` of table.import")
            }
            sum += number
        }
        return .number(sum / Double(rows.count))
    }

    /// A row that the experiment file gives.
    private static func known(_ row: JSON, _ columns: [String]) throws -> [JSON] {
        guard let members = row.members else {
            throw FormatError(
                "rows: expected a mapping such as {loss: 0, accuracy: 1}, found "
                    + visible(row.canonicalText, most: 60))
        }
        for name in JSON.sorted(members.keys) where !columns.contains(name) {
            throw FormatError(
                "rows: no column `\(name)`; "
                    + notes(forUnknown: name, allowed: columns).joined(separator: "; "))
        }
        return columns.map { members[$0] ?? .null }
    }
}
