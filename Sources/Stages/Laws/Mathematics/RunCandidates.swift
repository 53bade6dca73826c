import Canon
import Experiment
import Workbench

/// Runs that could be made: their inputs, and what each costs.
struct RunCandidates {
    /// The inputs' columns, in the law's order.
    let columns: [String]
    /// The inputs of each run.
    let rows: [[Double]]
    /// What each run costs.
    let costs: [Double]

    /// The most candidates that are looked at.
    static let most = 20_000

    /// Reads a grid of the parameter `candidates`, or a table; leaves out what `where` does not keep.
    ///
    /// - Throws: ``FormatError`` naming the input, the row or the expression that does not fit.
    init(
        of law: LawFile, grid: JSON, table: [StageInput], filter: String, cost: RunCost
    ) throws {
        let columns = law.columns.isEmpty ? law.roles : law.columns
        self.columns = columns
        let all = try RunCandidates.rows(of: law, columns, grid, table)
        let filter = try filter.isEmpty ? nil : RunCost.expression(filter, "where")
        var rows: [[Double]] = []
        var costs: [Double] = []
        for row in all {
            let price = try cost.value(of: row)
            if let filter {
                var names = cost.names(of: row)
                names["cost"] = .number(price)
                do {
                    guard try filter.value(names).bool == true else { continue }
                } catch { throw FormatError("where: \(error)") }
            }
            rows.append(row)
            costs.append(price)
        }
        guard !rows.isEmpty else {
            throw FormatError(
                "candidates: expected runs for which `where` holds, found none of \(all.count)")
        }
        guard rows.count <= RunCandidates.most else {
            throw FormatError(
                "candidates: expected at most \(RunCandidates.most) runs, found \(rows.count); take fewer "
                    + "points of an input, or leave some out with `where`")
        }
        self.rows = rows
        self.costs = costs
    }

    private static func rows(
        of law: LawFile, _ columns: [String], _ grid: JSON, _ table: [StageInput]
    ) throws -> [[Double]] {
        guard !table.isEmpty else {
            guard grid.members != nil else {
                throw FormatError(
                    "candidates: expected values for each of \(columns.joined(separator: ", ")), such as "
                        + "{\(columns[0]): {from: 1e8, to: 1e10, points: 9}}, or an input `candidates`, "
                        + "found \(grid.canonicalText)")
            }
            let values = try zip(columns, law.roles).map { column, role in
                try InputGrid.values(grid[column] ?? grid[role], of: "candidates: \(column)")
            }
            let count = values.reduce(1.0) { $0 * Double($1.count) }
            guard count <= 1e6 else {
                throw FormatError(
                    "candidates: expected at most 1e6 places of the grid, found \(count)")
            }
            return try InputGrid.crossed(values).map { row in
                guard row.allSatisfy({ $0 > 0 }) else {
                    throw FormatError("candidates: expected positive inputs, found \(row)")
                }
                return row
            }
        }
        let read = try Table(collecting: table)
        let values = try zip(columns, law.roles).map { column, role in
            try read[column: column] ?? read[column: role] ?? read.points(of: column)
        }
        return try read.rows.indices.map { row in
            try values.enumerated().map { place, column in
                guard let number = column[row].double, number > 0 else {
                    throw FormatError(
                        "\(read.place(ofRow: row)): expected a positive number as `\(columns[place])`, found "
                            + visible(column[row].canonicalText))
                }
                return number
            }
        }
    }
}

/// What a run costs, an expression over its inputs by their columns and by their roles.
struct RunCost {
    private let expression: Expression
    private let columns: [String]
    private let roles: [String]
    /// The expression's text.
    let text: String

    /// Reads an expression; empty is 6ND for a law of N and D.
    ///
    /// - Throws: ``FormatError`` where it is no expression, or missing.
    init(_ text: String, of law: LawFile) throws {
        roles = law.roles
        columns = law.columns.isEmpty ? law.roles : law.columns
        if text.isEmpty {
            guard law.roles.prefix(2) == ["N", "D"] else {
                throw FormatError(
                    "cost: expected an expression over \(columns.joined(separator: ", ")), for what a run of "
                        + "a law of these costs is not known, found none")
            }
            self.text = "6*N*D"
        } else {
            self.text = text
        }
        expression = try RunCost.expression(self.text, "cost")
    }

    static func expression(_ text: String, _ parameter: String) throws -> Expression {
        do {
            return try Expression.parse(text)
        } catch { throw FormatError("\(parameter): `\(text)`: \(error)") }
    }

    /// What an expression over a run may name.
    func names(of row: [Double]) -> [String: JSON] {
        var names: [String: JSON] = [:]
        for (place, value) in row.enumerated() {
            names[roles[place]] = .number(value)
            names[columns[place]] = .number(value)
        }
        return names
    }

    /// The cost of one run.
    ///
    /// - Throws: ``FormatError`` where it is not positive.
    func value(of row: [Double]) throws -> Double {
        do {
            if let cost = try expression.value(names(of: row)).double, cost > 0 { return cost }
        } catch { throw FormatError("cost: `\(text)`: \(error)") }
        throw FormatError(
            "cost: expected a positive number of `\(text)` at "
                + zip(columns, row).map { "\($0) = \($1)" }.joined(separator: ", "))
    }
}
