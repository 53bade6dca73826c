import Canon
import System

extension Table {
    /// Reads CSV as in RFC 4180, in UTF-8: a header, then rows; lines end in LF or CRLF.
    ///
    /// A field without quotes that is a finite decimal number becomes one, an empty one `null`;
    /// all else, and every field in quotes, is text. Rows know their lines.
    ///
    /// - Complexity: linear in the bytes.
    /// - Throws: ``FormatError`` with the line and what was expected there.
    package init(csv bytes: [UInt8]) throws(FormatError) {
        var reader = CSVReader(bytes: bytes)
        let header = try reader.row()
        guard let header, !header.isEmpty else {
            throw FormatError("line 1: expected a header, found nothing")
        }
        var columns: [String] = []
        for field in header {
            guard !columns.contains(field.text) else {
                throw FormatError("line 1: expected each column once, found `\(field.text)` twice")
            }
            columns.append(field.text)
        }
        var rows: [[JSON]] = []
        var origins: [RowOrigin] = []
        while true {
            let line = reader.line
            guard let fields = try reader.row() else { break }
            guard fields.count == columns.count else {
                throw FormatError(
                    "line \(line): expected \(columns.count) fields, found \(fields.count)")
            }
            rows.append(fields.map { $0.value })
            origins.append(RowOrigin(producer: "the table", part: .line(line)))
        }
        self.init(columns: columns, rows: rows, origins: origins)
    }
}

/// One field: its text, and whether it stood in quotes.
struct CSVField {
    let text: String
    let isQuoted: Bool

    var value: JSON {
        if isQuoted { return .string(text) }
        if text.isEmpty { return .null }
        let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        if isDecimal, let number = Double(text), number.isFinite { return .number(number) }
        return .string(text)
    }
}

struct CSVReader {
    let bytes: [UInt8]
    private var offset: Int
    /// The line that the next row starts on.
    private(set) var line = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is not part of the first column's name.
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The fields up to the end of the line; `nil` after the last row.
    mutating func row() throws(FormatError) -> [CSVField]? {
        guard offset < bytes.count else { return nil }
        var fields: [CSVField] = []
        while true {
            fields.append(try field())
            guard offset < bytes.count else { return fields }
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: ",") { continue }
            line += 1
            return fields
        }
    }

    /// A field; leaves the offset at its comma, at its line feed, or at the end.
    private mutating func field() throws(FormatError) -> CSVField {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") { return try quoted() }
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") { break }
            if byte == UInt8(ascii: "\r"), isLineEnd(offset) { break }
            guard byte != UInt8(ascii: "\"") else {
                throw FormatError(
                    "line \(line): expected a field with quotes to start with one, found one inside"
                )
            }
            offset += 1
        }
        let text = try text(Array(bytes[start..<offset]))
        skipReturn()
        return CSVField(text: text, isQuoted: false)
    }

    private mutating func quoted() throws(FormatError) -> CSVField {
        let start = line
        var content: [UInt8] = []
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\n") { line += 1 }
                content.append(byte)
            } else if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
                content.append(byte)
                offset += 1
            } else {
                skipReturn()
                let isEnd =
                    offset == bytes.count || bytes[offset] == UInt8(ascii: ",")
                    || bytes[offset] == UInt8(ascii: "\n")
                guard isEnd else {
                    throw FormatError(
                        "line \(line): expected a comma or the line's end after a closing quote")
                }
                return CSVField(text: try text(content), isQuoted: true)
            }
        }
        throw FormatError("line \(start): expected a closing quote, found the end of the file")
    }

    private func isLineEnd(_ place: Int) -> Bool {
        place + 1 == bytes.count || bytes[place + 1] == UInt8(ascii: "\n")
    }

    private mutating func skipReturn() {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\r"), isLineEnd(offset) {
            offset += 1
        }
    }

    private func text(_ bytes: [UInt8]) throws(FormatError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError("line \(line): expected UTF-8, found other bytes")
        }
        return text
    }
}
