package import Canon
package import Experiment
import System

/// A table of numbers and texts with named columns; CSV as in RFC 4180.
package struct Table: Sendable, Equatable {
    /// The columns' names.
    package let columns: [String]
    /// The rows; each has a value for every column, `null` where there is none.
    package private(set) var rows: [[JSON]]

    /// Wraps rows.
    package init(columns: [String], rows: [[JSON]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Adds a row with a value for every column.
    package mutating func append(_ row: [JSON]) {
        precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns")
        rows.append(row)
    }

    /// Joins outputs that are flat JSON objects: one row each, the producer's axes as columns.
    ///
    /// An axis whose value is a mapping becomes a column for each member, `axis.member`. An output
    /// that is a CSV table, such as a file of the project, gives all its rows.
    /// - Throws: ``FormatError`` naming the producer whose output is neither, or gives a column of
    ///   an axis another value.
    package init(collecting inputs: [StageInput]) throws {
        var names: [String] = []
        var known: Set<String> = []
        var maps: [[String: JSON]] = []
        func note(_ name: String) {
            if known.insert(name).inserted { names.append(name) }
        }
        for input in inputs {
            var map: [String: JSON] = [:]
            for coordinate in input.coordinates {
                if let members = coordinate.value.members {
                    for name in JSON.sorted(members.keys) {
                        map["\(coordinate.axis).\(name)"] = members[name]
                        note("\(coordinate.axis).\(name)")
                    }
                } else {
                    map[coordinate.axis] = coordinate.value
                    note(coordinate.axis)
                }
            }
            for record in try Table.records(input) {
                var row = map
                for (name, value) in record {
                    guard map[name] == nil || map[name] == value else {
                        throw FormatError(
                            "\(input.producer): `\(name)` is an axis with the value "
                                + "\(map[name]?.canonicalText ?? "") and a column with the value "
                                + "\(value.canonicalText); rename one")
                    }
                    row[name] = value
                    note(name)
                }
                maps.append(row)
            }
        }
        columns = names
        rows = maps.map { map in names.map { map[$0] ?? .null } }
    }

    /// The flat records of an output, each with its columns in their order.
    private static func records(_ input: StageInput) throws -> [[(name: String, value: JSON)]] {
        let bytes = try input.bytes()
        let first = bytes.first { !" \n\r\t".utf8.contains($0) }
        if first == UInt8(ascii: "{"), let members = (try? JSON(parsing: bytes))?.members {
            return [
                JSON.sorted(members.keys).compactMap { name in
                    guard let value = members[name], value.members == nil, value.elements == nil
                    else { return nil }
                    return (name, value)
                }
            ]
        }
        guard first != nil, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else {
            throw FormatError("\(input.producer): expected a JSON object of numbers")
        }
        do {
            let table = try Table(csv: bytes)
            return table.rows.map { Array(zip(table.columns, $0)).map { (name: $0, value: $1) } }
        } catch {
            throw FormatError(
                "\(input.producer): expected a JSON object of numbers, or a CSV table: \(error)")
        }
    }

    /// The values of a column.
    package subscript(column name: String) -> [JSON]? {
        guard let place = columns.firstIndex(of: name) else { return nil }
        return rows.map { $0[place] }
    }

    /// The rows in which columns have these values.
    package func filtered(_ values: [String: JSON]) -> Table {
        let wanted = values.compactMap { name, value in
            columns.firstIndex(of: name).map { ($0, value) }
        }
        guard wanted.count == values.count else { return Table(columns: columns) }
        return Table(
            columns: columns, rows: rows.filter { row in wanted.allSatisfy { row[$0] == $1 } })
    }

    /// The file's text: a header, then rows; numbers in their shortest form.
    package func csv() -> String {
        var text = columns.map(Table.field).joined(separator: ",") + "\n"
        for row in rows {
            text +=
                row.map { $0 == .null ? "" : Table.field($0.text ?? $0.canonicalText) }
                .joined(separator: ",") + "\n"
        }
        return text
    }

    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
