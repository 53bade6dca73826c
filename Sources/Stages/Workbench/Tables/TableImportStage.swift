import Canon
package import Experiment

/// Reads a foreign table with a declared schema.
package enum TableImportStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "table.import", version: 4,
        summary: """
            Reads a table as it comes (CSV, TSV, JSON, JSON lines, TensorBoard's events; gzip, zstd) by a \
            declared schema: columns with types and units, derived columns, filters.
            """,
        source: "CSV as in RFC 4180",
        parameters: ReadingManner.parameters + [
            Parameter(
                "columns", .list(.any, count: 1...1000),
                """
                The columns to keep, each {name, from, type, unit}: from is the name in the file, or the \
                path of a nested member such as config.lr; type number, integer or text.
                """),
            Parameter(
                "derive", .list(.text, count: 0...1000), default: [],
                "Further columns, such as D = C / (6 * N), in order."),
            Parameter(
                "where", .list(.text, count: 0...100), default: [],
                """
                Expressions over these and all other columns that have to hold for a row to be kept; a row \
                that they drop is never bad.
                """),
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

    /// Notes what no file could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions(of: "where")
        draft.expressions(of: "derive", areNamed: true)
    }

    /// Reads, checks, derives, filters.
    package static func run(_ context: StageContext) throws {
        let manner = ReadingManner(context.parameters)
        let schema = try TableSchema(context.parameters, numbers: manner.numbers)
        let input = context.input("file")
        let file = try ForeignTable(input.bytes(), from: input.producer, manner)
        let sorted = try schema.sorted(file, of: input.producer)
        let listed = sorted.bad.prefix(20).map { "\($0.part.text): \($0.reason)" }
        if !sorted.bad.isEmpty && context.parameters.text("bad_rows") == "refuse" {
            let more = sorted.bad.count > 20 ? "; and \(sorted.bad.count - 20) more" : ""
            let count = counted(sorted.bad.count, "row does", "rows do")
            throw FormatError(
                "\(input.producer): \(count) not fit the schema: \(listed.joined(separator: "; "))\(more); "
                    + "mend the columns, or set bad_rows: skip")
        }
        for remark in file.remarks { context.log("read: \(remark)") }
        for line in listed { context.log("left out: \(line)") }
        let table = schema.arranged(sorted.table)
        try context.write("table", table.csv())
        try context.write(
            "summary",
            JSON.object([
                "rows": .number(Double(table.rows.count)),
                "filtered": .number(Double(sorted.filtered)),
                "repeated": .number(Double(sorted.table.rows.count - table.rows.count)),
                "bad": .array(sorted.bad.map { $0.json }),
                "read": .array(file.remarks.map { .string($0) }),
                "source": .string(input.digest.hex), "columns": schema.json,
            ]).pretty())
    }
}

extension ForeignTable.Misfit {
    /// The place and the reason, as the summary lists them.
    fileprivate var json: JSON {
        switch part {
        case .whole: ["reason": .string(reason)]
        case .line(let number): ["line": .number(Double(number)), "reason": .string(reason)]
        case .element(let number): ["element": .number(Double(number)), "reason": .string(reason)]
        case .record(let number): ["record": .number(Double(number)), "reason": .string(reason)]
        }
    }
}
