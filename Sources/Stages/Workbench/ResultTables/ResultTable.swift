package import Canon

/// Results as a person compares them: one row an action, one column an axis, a parameter, a measured number
/// or a fact of the run.
package struct ResultTable: Sendable {
    /// What a column is.
    package enum Role: String, Sendable {
        /// A value of an axis, or a member of one that is a mapping.
        case axis
        /// A parameter that differs between rows.
        case parameter
        /// A number, text or truth value of an output.
        case value
        /// Which action it is, whether it has run, how long that took, its key.
        case state
    }

    /// A column.
    package struct Column: Sendable, Equatable {
        /// The name, such as `samples`, `parameters.alpha.value` or `seconds`.
        package let name: String
        /// What it is.
        package let role: Role
        /// Whether it says of a law what few ask for, such as its certificate.
        package let isDetail: Bool

        /// Names a column.
        package init(_ name: String, _ role: Role, isDetail: Bool = false) {
            self.name = name
            self.role = role
            self.isDetail = isDetail
        }
    }

    /// The columns: axes, parameters, values, then facts.
    package private(set) var columns: [Column]
    /// The rows; each has a value for every column, `null` where there is none.
    package private(set) var rows: [[JSON]]
    /// What a person should know: what was left out, and what could not be read.
    package private(set) var remarks: [String]

    /// Wraps rows.
    package init(columns: [Column], rows: [[JSON]], remarks: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.remarks = remarks
    }

    /// The place of a column; `nil` where there is none of the name.
    package func place(of name: String) -> Int? {
        columns.firstIndex { $0.name.isSameText(as: name) }
    }

    /// The type of a column's values: `number`, `boolean`, `text`, or `mixed`; `text` where there are none.
    package func type(ofColumn place: Int) -> String {
        var found: String?
        for row in rows where row[place] != .null {
            let value = row[place]
            let type = value.double != nil ? "number" : value.bool != nil ? "boolean" : "text"
            if let found, found != type { return "mixed" }
            found = type
        }
        return found ?? "text"
    }

    /// The table with other rows.
    func with(_ rows: [[JSON]], _ remarks: [String] = []) -> ResultTable {
        ResultTable(columns: columns, rows: rows, remarks: self.remarks + remarks)
    }

    /// The table without columns in which nothing stands.
    package var withoutEmptyColumns: ResultTable {
        let kept = columns.indices.filter { place in
            columns[place].role != .value || rows.contains { $0[place] != .null }
        }
        return keeping(kept)
    }

    /// The table without what few ask of laws, and a remark on how it is had.
    package var withoutDetails: ResultTable {
        let details = columns.filter { $0.isDetail }.map { $0.name }
        if details.isEmpty { return self }
        let brief = keeping(columns.indices.filter { !columns[$0].isDetail })
        let names = details.prefix(3).joined(separator: ", ")
        return brief.with(
            brief.rows,
            [
                "\(counted(details.count, "more column")) of laws, such as \(names): --all, or --columns '*'"
            ])
    }

    /// Some of the columns, in the order asked for.
    func keeping(_ places: [Int]) -> ResultTable {
        ResultTable(
            columns: places.map { columns[$0] }, rows: rows.map { row in places.map { row[$0] } },
            remarks: remarks)
    }
}

/// A wish that a table cannot fulfil.
package struct ResultTableError: Error, Equatable, CustomStringConvertible {
    /// What was expected and found.
    package let description: String

    /// Names the mistake.
    package init(_ description: String) { self.description = description }

    /// A column that is not there.
    static func noColumn(_ name: String, in table: ResultTable) -> ResultTableError {
        let names = table.columns.map { $0.name }
        let lines =
            ["no column `\(name)`", "  expected: \(ForeignTable.names(names))"]
            + nearest(name, among: names).map { "  \($0)" }
        return ResultTableError(lines.joined(separator: "\n"))
    }
}
