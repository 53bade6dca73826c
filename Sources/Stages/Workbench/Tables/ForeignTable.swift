import Canon
import Experiment

/// A table that somebody else wrote, in whatever form: the one reader of all kinds that take points.
struct ForeignTable {
    /// A part of the file that holds no row.
    struct Misfit {
        let part: RowOrigin.Part
        let reason: String
    }

    /// The rows that could be read; a nested member is found by its path.
    var table: Table
    /// What could not be read.
    var misfits: [Misfit] = []
    /// How the file was read, where that is not plain.
    var remarks: [String] = []

    /// Reads a file of a producer.
    ///
    /// - Complexity: linear in the bytes.
    /// - Throws: ``FormatError`` naming the producer, the place, and what the file seems to be.
    init(_ file: [UInt8], from producer: String, _ manner: ReadingManner = ReadingManner())
        throws(FormatError)
    {
        do {
            self = try ForeignTable.read(file, producer, manner)
        } catch { throw FormatError("\(producer): \(error)") }
    }

    /// Reads an output of an action: where its name says JSON and it is text, the message says so.
    ///
    /// - Throws: ``FormatError``, as for any file.
    init(_ input: StageInput) throws {
        let bytes = try input.bytes()
        do {
            self = try ForeignTable(bytes, from: input.producer)
        } catch {
            let isNamedSo = input.name.hasSuffix(".json") || input.name.hasSuffix(".jsonl")
            let first = bytes.first { !" \n\r\t".utf8.contains($0) }
            guard isNamedSo, let first, !"{[".utf8.contains(first),
                let text = String(validating: bytes.prefix(200), as: UTF8.self)
            else { throw error }
            let line = text.split(separator: "\n").first.map(String.init) ?? ""
            throw FormatError(
                "\(input.producer): \(input.name): expected JSON, as the name says, such as "
                    + "{\"loss\": 0.5}, found `\(visible(line, most: 60))`; let the program write JSON, or "
                    + "call the output what it is, such as .csv")
        }
    }

    /// Wraps a table.
    init(table: Table, misfits: [Misfit] = [], remarks: [String] = []) {
        self.table = table
        self.misfits = misfits
        self.remarks = remarks
    }

    private static func read(
        _ file: [UInt8], _ producer: String, _ manner: ReadingManner
    ) throws(FormatError) -> ForeignTable {
        let text = try ForeignText(file)
        let bytes = text.bytes
        guard bytes.contains(where: { !" \n\r\t".utf8.contains($0) }) else {
            throw FileLook.refusal(of: "nothing")
        }
        var found: ForeignTable
        switch manner.format == .auto ? format(of: bytes) : manner.format {
        case .events: found = try EventTable(bytes, producer).byValue()
        case .eventSteps: found = try EventTable(bytes, producer).byStep()
        case .mlflow: found = try MetricLines.table(bytes, producer)
        case .json, .jsonl:
            if let look = FileLook(bytes) { throw look.refusal }
            found = try JSONTable(bytes, producer).read()
        case .csv, .auto:
            if let look = FileLook(bytes) { throw look.refusal }
            guard format(of: bytes) != .json else {
                throw FormatError(
                    "expected lines of fields, found what seems to be JSON; leave out format:")
            }
            found = try DelimitedTable(bytes, producer, manner).read()
        }
        found.remarks = text.remarks + found.remarks
        return found
    }

    /// What the first bytes say.
    private static func format(of bytes: [UInt8]) -> ReadingManner.Format {
        if EventTable.isOne(bytes) { return .events }
        switch bytes.first(where: { !" \n\r\t".utf8.contains($0) }) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        default: return MetricLines.isOne(bytes) ? .mlflow : .csv
        }
    }

    /// The table where every part of the file is a row.
    ///
    /// - Throws: ``FormatError`` naming the first part that is none.
    func whole(from producer: String) throws(FormatError) -> Table {
        guard let first = misfits.first else { return table }
        let more = misfits.count > 1 ? "; and \(misfits.count - 1) more such places" : ""
        throw FormatError("\(producer): \(first.part.text): \(first.reason)\(more)")
    }

    /// A message's list of columns: quoted, so that blanks are seen, and never long.
    static func names(_ columns: [String]) -> String {
        let shown = columns.prefix(24).map { "\"\(visible($0, most: 60))\"" }.joined(
            separator: ", ")
        return columns.count > 24 ? "\(shown), and \(columns.count - 24) more" : shown
    }
}
