import Canon
import Experiment

/// What `columns`, `derive`, `where`, `distinct` and `order` say.
struct TableSchema {
    /// A column of the file that is kept.
    struct Column {
        let name, from, type, unit: String
    }

    let columns: [Column]
    let derived: [(name: String, expression: Expression)]
    let filters: [Expression]
    let numbers: NumberStyle
    private let distinct: [Int]
    private let order: [Int]
    /// The columns of the table that comes out.
    let names: [String]

    /// Reads the parameters; numbers of the file are in the style given.
    ///
    /// - Throws: ``FormatError`` naming the parameter that does not fit.
    init(_ parameters: Parameters, numbers: NumberStyle) throws {
        self.numbers = numbers
        columns = try (parameters.value("columns").elements ?? []).map(TableSchema.column)
        derived = try parameters.texts("derive").map(TableSchema.derivation)
        filters = try parameters.texts("where").map { text in
            do {
                return try Expression.parse(text)
            } catch { throw FormatError("where: `\(text)`: \(error)") }
        }
        let names = columns.map { $0.name } + derived.map { $0.name }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw FormatError(
                "columns: expected each name once, found `\(visible(twice))` twice; rename one")
        }
        func places(_ parameter: String) throws -> [Int] {
            try parameters.texts(parameter).map { name in
                guard let place = names.firstIndex(of: name) else {
                    throw FormatError(
                        "\(parameter): no column `\(visible(name))`; expected one of "
                            + ForeignTable.names(names))
                }
                return place
            }
        }
        distinct = try places("distinct")
        order = try places("order")
        self.names = names
    }

    private static func column(_ entry: JSON) throws -> Column {
        guard let name = entry["name"]?.text else {
            throw FormatError(
                "columns: expected {name, from, type, unit}, found \(entry.canonicalText)")
        }
        let type = entry["type"]?.text ?? "number"
        guard ["number", "integer", "text"].contains(type) else {
            throw FormatError(
                "columns: \(name): expected the type number, integer or text, found \(type)")
        }
        return Column(
            name: name, from: entry["from"]?.text ?? name, type: type,
            unit: entry["unit"]?.text ?? "")
    }

    private static func derivation(_ text: String) throws -> (String, Expression) {
        guard let equals = text.firstIndex(of: "=") else {
            throw FormatError("derive: expected `name = expression`, found `\(text)`")
        }
        let name = text[..<equals].filter { $0 != " " }
        do {
            return (name, try Expression.parse(String(text[text.index(after: equals)...])))
        } catch { throw FormatError("derive: \(name): \(error)") }
    }

    /// Without repetitions, sorted.
    func arranged(_ table: Table) -> Table {
        var rows = table.rows
        if !distinct.isEmpty {
            var last: [[JSON]: Int] = [:]
            for (place, row) in rows.enumerated() { last[distinct.map { row[$0] }] = place }
            let kept = Set(last.values)
            rows = rows.indices.filter(kept.contains).map { rows[$0] }
        }
        if !order.isEmpty {
            let sorted = rows.indices.sorted { a, b in
                for column in order {
                    let (x, y) = (rows[a][column], rows[b][column])
                    if x == y { continue }
                    if let x = x.double, let y = y.double { return x < y }
                    return Array((x.text ?? "").utf8).lexicographicallyPrecedes(
                        Array((y.text ?? "").utf8))
                }
                return a < b
            }
            rows = sorted.map { rows[$0] }
        }
        return Table(columns: names, rows: rows)
    }

    var json: JSON {
        .array(
            columns.map {
                [
                    "name": .string($0.name), "from": .string($0.from), "type": .string($0.type),
                    "unit": .string($0.unit),
                ]
            } + derived.map { ["name": .string($0.name), "type": "derived"] })
    }
}
