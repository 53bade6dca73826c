import Canon

extension Table {
    /// Reads CSV as in RFC 4180, in UTF-8: a header, then rows; lines end in LF or CRLF, empty ones pass.
    ///
    /// A field without quotes that is a finite decimal number becomes one, an empty one `null`;
    /// all else, and every field in quotes, is text. Rows know their lines.
    ///
    /// - Complexity: linear in the bytes.
    /// - Throws: ``FormatError`` with the line and what was expected there.
    public init(csv bytes: [UInt8]) throws(FormatError) {
        var reader = DelimitedReader(bytes: bytes)
        let columns = try DelimitedTable.header(&reader).names
        var rows: [[JSON]] = []
        var origins: [RowOrigin] = []
        while let fields = try reader.row() {
            let line = reader.rowLine
            guard fields.count == columns.count else {
                throw FormatError(
                    "line \(line): expected \(counted(columns.count, "field")), found \(fields.count)"
                )
            }
            rows.append(fields.map { Table.value($0) })
            origins.append(RowOrigin(producer: "the table", part: .line(line)))
        }
        self.init(columns: columns, rows: rows, origins: origins)
    }

    /// Blanks are part of a text here: what we wrote ourselves is read back as it was.
    private static func value(_ field: DelimitedField) -> JSON {
        let isPlain = field.text.utf8.first != 0x20 && field.text.utf8.last != 0x20
        return isPlain ? NumberStyle.point.value(field) : .string(field.text)
    }
}
