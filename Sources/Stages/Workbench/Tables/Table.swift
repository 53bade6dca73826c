public import Canon

/// A table of numbers and texts with named columns; CSV as in RFC 4180.
///
/// ```swift
/// let table = try Table(csv: Array("steps,distance\n100,9.5\n".utf8))
/// let distances = table[column: "distance"]?.compactMap { $0.double } ?? []
/// let long = table.filtered(["steps": 100])
/// ```
public struct Table: Sendable, Equatable {
    /// The columns' names.
    public let columns: [String]
    /// The rows; each has a value for every column, `null` where there is none.
    public private(set) var rows: [[JSON]]
    /// Where each row came from; empty where the table was made and not read.
    private let origins: [RowOrigin]

    /// Wraps rows.
    ///
    /// ```swift
    /// var table = Table(columns: ["steps", "distance"])
    /// table.append([100, .number(9.5)])
    /// try context.write("walks", table.csv())
    /// ```
    public init(columns: [String], rows: [[JSON]] = []) {
        self.init(columns: columns, rows: rows, origins: [])
    }

    /// Wraps rows that know where they came from.
    package init(columns: [String], rows: [[JSON]], origins: [RowOrigin]) {
        self.columns = columns
        self.rows = rows
        self.origins = origins
    }

    /// Equal tables have the same columns and rows, wherever these came from.
    public static func == (one: Table, other: Table) -> Bool {
        one.columns == other.columns && one.rows == other.rows
    }

    /// Where a row came from, in words for a message.
    public func place(ofRow row: Int) -> String {
        origins.indices.contains(row) ? origins[row].text : "row \(row + 1)"
    }

    /// The part of its file that a row was; all of it where the table was not read.
    func part(ofRow row: Int) -> RowOrigin.Part {
        origins.indices.contains(row) ? origins[row].part : .whole
    }

    /// Some of the rows, in the order asked for.
    public func selected(_ wanted: [Int]) -> Table {
        Table(
            columns: columns, rows: wanted.map { rows[$0] },
            origins: origins.isEmpty ? [] : wanted.map { origins[$0] })
    }

    /// Adds a row with a value for every column.
    public mutating func append(_ row: [JSON]) {
        precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns")
        rows.append(row)
    }

    /// The values of a column; `test.loss` is also the member `loss` of what stands in the column `test`.
    public subscript(column name: String) -> [JSON]? {
        if let place = columns.firstIndex(of: name) { return rows.map { $0[place] } }
        return nested(name)
    }

    /// The table with another column.
    public func adding(_ name: String, _ values: [JSON]) -> Table {
        Table(
            columns: columns + [name], rows: zip(rows, values).map { $0 + [$1] },
            origins: origins)
    }

    /// The rows in which columns have these values.
    public func filtered(_ values: [String: JSON]) -> Table {
        let wanted = values.compactMap { name, value in
            columns.firstIndex(of: name).map { ($0, value) }
        }
        guard wanted.count == values.count else { return Table(columns: columns) }
        return selected(
            rows.indices.filter { row in wanted.allSatisfy { rows[row][$0] == $1 } })
    }

    /// The file's text: a header, then rows; numbers in their shortest form.
    public func csv() -> String {
        var text: [UInt8] = []
        Table.append(columns.map { .string($0) }, to: &text)
        for row in rows { Table.append(row, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ row: [JSON], to text: inout [UInt8]) {
        for (place, cell) in row.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            switch cell {
            case .null: break
            case .number(let number): JSON.append(number, to: &text)
            case .string(let field): append(field, to: &text)
            default: append(cell.canonicalText, to: &text)
            }
        }
        text.append(UInt8(ascii: "\n"))
    }

    private static func append(_ field: String, to text: inout [UInt8]) {
        let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
        guard field.utf8.contains(where: { $0 == comma || $0 == quote || $0 == 10 || $0 == 13 })
        else {
            text += field.utf8
            return
        }
        text.append(quote)
        for byte in field.utf8 {
            if byte == quote { text.append(quote) }
            text.append(byte)
        }
        text.append(quote)
    }
}
