import Canon
package import Experiment
import System

/// Reads a foreign table with a declared schema.
package enum TableImportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "table.import", version: 1,
        summary: """
            Reads CSV or JSON lines by a declared schema: columns with types and units, derived \
            columns, filters.
            """,
        source: "CSV as in RFC 4180",
        parameters: [
            Parameter("format", .choice(["csv", "jsonl"]), default: "csv", "The file's format."),
            Parameter(
                "columns", .list(.any, count: 1...1000),
                """
                The columns to keep, each {name, from, type, unit}: from is the name in the file, \
                type number, integer or text.
                """),
            Parameter(
                "derive", .list(.text, count: 0...1000), default: [],
                "Further columns, such as D = C / (6 * N), in order."),
            Parameter(
                "where", .list(.text, count: 0...100), default: [],
                "Expressions that have to hold for a row to be kept."),
            Parameter(
                "distinct", .list(.text, count: 0...100), default: [],
                "Of rows that agree on these columns only the last is kept."),
            Parameter(
                "order", .list(.text, count: 0...100), default: [],
                "Columns to sort by, ascending; rows that agree stay as they are."),
            Parameter(
                "bad_rows", .choice(["refuse", "skip"]), default: "refuse",
                "What to do with rows that do not fit; they are listed either way."),
        ],
        inputs: [InputPort("file", "The file.")],
        outputs: [
            OutputPort("table", fileName: "table.csv", "The rows that fit, as CSV."),
            OutputPort(
                "summary", fileName: "import.json",
                "Columns with units, counts, bad rows with their line numbers."),
        ])

    /// Reads, checks, derives, filters.
    package static func run(_ context: StageContext) throws {
        let schema = try TableSchema(context.parameters)
        let input = context.input("file")
        let records =
            context.parameters.text("format") == "csv"
            ? try ForeignRows.csv(input.bytes(), columns: schema.columns.map { $0.from })
            : ForeignRows.jsonLines(try input.bytes())
        var table = Table(columns: schema.names)
        var bad = records.bad
        var filtered = 0
        for record in records.rows {
            switch schema.row(record.values) {
            case .kept(let row): table.append(row)
            case .filtered: filtered += 1
            case .bad(let reason): bad.append((record.line, reason))
            }
        }
        bad.sort { $0.line < $1.line }
        let listed = bad.prefix(20).map { "line \($0.line): \($0.reason)" }
        if !bad.isEmpty && context.parameters.text("bad_rows") == "refuse" {
            let more = bad.count > 20 ? "; and \(bad.count - 20) more" : ""
            throw FormatError(
                "\(bad.count) rows do not fit the schema: \(listed.joined(separator: "; "))\(more); "
                    + "mend the columns, or set bad_rows: skip")
        }
        for line in listed { context.log("left out: \(line)") }
        let read = table.rows.count
        table = schema.arranged(table)
        try context.write("table", table.csv())
        try context.write(
            "summary",
            JSON.object([
                "rows": .number(Double(table.rows.count)), "filtered": .number(Double(filtered)),
                "repeated": .number(Double(read - table.rows.count)),
                "bad": .array(
                    bad.map { ["line": .number(Double($0.line)), "reason": .string($0.reason)] }),
                "source": .string(input.digest.hex), "columns": schema.json,
            ]).pretty())
    }
}

/// What `columns`, `derive`, `where`, `distinct` and `order` say.
struct TableSchema {
    struct Column {
        let name, from, type, unit: String
    }

    enum Outcome {
        case kept([JSON])
        case filtered
        case bad(String)
    }

    let columns: [Column]
    private let derived: [(name: String, expression: Expression)]
    private let filters: [Expression]
    private let distinct: [Int]
    private let order: [Int]
    let names: [String]

    init(_ parameters: Parameters) throws {
        var columns: [Column] = []
        for entry in parameters.value("columns").elements ?? [] {
            guard let name = entry["name"]?.text else {
                throw FormatError(
                    "columns: expected {name, from, type, unit}, found \(entry.canonicalText)")
            }
            let type = entry["type"]?.text ?? "number"
            guard ["number", "integer", "text"].contains(type) else {
                throw FormatError(
                    "columns: \(name): expected the type number, integer or text, found \(type)")
            }
            columns.append(
                Column(
                    name: name, from: entry["from"]?.text ?? name, type: type,
                    unit: entry["unit"]?.text ?? ""))
        }
        var derived: [(name: String, expression: Expression)] = []
        for text in parameters.texts("derive") {
            guard let equals = text.firstIndex(of: "=") else {
                throw FormatError("derive: expected `name = expression`, found `\(text)`")
            }
            let name = text[..<equals].filter { $0 != " " }
            do {
                derived.append(
                    (name, try Expression.parse(String(text[text.index(after: equals)...]))))
            } catch { throw FormatError("derive: \(name): \(error)") }
        }
        filters = try parameters.texts("where").map { text in
            do {
                return try Expression.parse(text)
            } catch { throw FormatError("where: `\(text)`: \(error)") }
        }
        let names = columns.map { $0.name } + derived.map { $0.name }
        func places(_ parameter: String) throws -> [Int] {
            try parameters.texts(parameter).map { name in
                guard let place = names.firstIndex(of: name) else {
                    throw FormatError(
                        "\(parameter): no column `\(name)`; expected one of "
                            + names.joined(separator: ", "))
                }
                return place
            }
        }
        distinct = try places("distinct")
        order = try places("order")
        self.names = names
        self.columns = columns
        self.derived = derived
    }

    /// A row of the file as a row of the table.
    func row(_ values: [String: JSON]) -> Outcome {
        var row: [JSON] = []
        var known: [String: JSON] = [:]
        for column in columns {
            guard let value = values[column.from], value != .null else {
                return .bad("\(column.from): expected a value, found none")
            }
            let number = value.double ?? value.text.flatMap(Double.init)
            var typed = value
            switch column.type {
            case "text": typed = .string(value.text ?? value.canonicalText)
            case "integer":
                guard let number, number == number.rounded(), number.magnitude < 0x1p53 else {
                    return .bad(
                        "\(column.from): expected a whole number, found \(value.canonicalText)")
                }
                typed = .number(number)
            default:
                guard let number, number.isFinite else {
                    return .bad("\(column.from): expected a number, found \(value.canonicalText)")
                }
                typed = .number(number)
            }
            row.append(typed)
            known[column.name] = typed
        }
        do {
            for one in derived {
                let value = try one.expression.value(known)
                row.append(value)
                known[one.name] = value
            }
            for filter in filters {
                let answer = try filter.value(known)
                guard let isKept = answer.bool else {
                    return .bad("where: expected true or false, found \(answer.canonicalText)")
                }
                if !isKept { return .filtered }
            }
        } catch { return .bad("\(error)") }
        return .kept(row)
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

/// Rows of a file with their line numbers; those that cannot be read, with the reason.
struct ForeignRows {
    var rows: [(line: Int, values: [String: JSON])] = []
    var bad: [(line: Int, reason: String)] = []

    static func csv(_ bytes: [UInt8], columns: [String]) throws -> ForeignRows {
        var reader = CSVReader(bytes: bytes)
        guard let header = try reader.row()?.map({ $0.text }) else {
            throw FormatError("line 1: expected a header, found nothing")
        }
        for column in columns where !header.contains(column) {
            throw FormatError(
                "line 1: no column `\(column)`; expected one of \(header.joined(separator: ", "))")
        }
        var result = ForeignRows()
        while true {
            let line = reader.line
            guard let fields = try reader.row() else { return result }
            guard fields.count == header.count else {
                result.bad.append(
                    (line, "expected \(header.count) fields, found \(fields.count)"))
                continue
            }
            var values: [String: JSON] = [:]
            for (name, field) in zip(header, fields) { values[name] = field.value }
            result.rows.append((line, values))
        }
    }

    static func jsonLines(_ bytes: [UInt8]) -> ForeignRows {
        var result = ForeignRows()
        for (place, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() {
            if line.allSatisfy({ " \r\t".utf8.contains($0) }) { continue }
            guard let json = try? JSON(parsing: Array(line)), let members = json.members else {
                result.bad.append((place + 1, "expected a JSON object"))
                continue
            }
            result.rows.append((place + 1, members))
        }
        return result
    }
}
