import Canon

/// Lines of fields: CSV, TSV, semicolons and their like, with a header.
struct DelimitedTable {
    private let manner: ReadingManner
    private let delimiter: Delimiter
    private let producer: String
    private var reader: DelimitedReader

    /// Begins with a text; sees from its header what stands between fields where nobody says it.
    init(_ bytes: [UInt8], _ producer: String, _ manner: ReadingManner) {
        self.manner = manner
        self.producer = producer
        delimiter = manner.delimiter ?? Delimiter(lookingAt: bytes, comment: manner.comment)
        reader = DelimitedReader(bytes: bytes, delimiter: delimiter, comment: manner.comment)
    }

    /// Reads all rows.
    ///
    /// - Throws: ``FormatError`` with the line where the text is no table.
    consuming func read() throws(FormatError) -> ForeignTable {
        let header = try DelimitedTable.header(&reader)
        // An exporter that quotes every name and every value says nothing by it.
        var quotesCount = !header.isQuoted
        var rows: [[JSON]] = []
        var origins: [RowOrigin] = []
        var misfits: [ForeignTable.Misfit] = []
        while let fields = try reader.row() {
            let line = reader.rowLine
            guard fields.count == header.names.count else {
                let reason = misfit(fields, header.names)
                misfits.append(ForeignTable.Misfit(part: .line(line), reason: reason))
                continue
            }
            if rows.isEmpty { quotesCount = quotesCount || !fields.allSatisfy { $0.isQuoted } }
            rows.append(try values(of: fields, header, quotesCount, line))
            origins.append(RowOrigin(producer: producer, part: .line(line)))
        }
        guard !rows.isEmpty || !misfits.isEmpty else {
            throw FormatError(
                "line 1: found a header, \(ForeignTable.names(header.names)), but no rows below it")
        }
        let remarks = delimiter == .comma ? [] : ["\(delimiter.plural) between fields"]
        return ForeignTable(
            table: Table(
                columns: header.kept.map { header.names[$0] }, rows: rows, origins: origins),
            misfits: misfits, remarks: remarks)
    }

    private func values(
        of fields: [DelimitedField], _ header: Header, _ quotesCount: Bool, _ line: Int
    ) throws(FormatError) -> [JSON] {
        var values: [JSON] = []
        for place in header.kept {
            let field = fields[place]
            if manner.keepsTexts {
                values.append(field.text.isEmpty && !field.isQuoted ? .null : .string(field.text))
                continue
            }
            let value = manner.numbers.value(field, quotesCount: quotesCount)
            if delimiter != .comma, let text = value.text, NumberStyle.isDecimalComma(text) {
                throw FormatError(
                    "line \(line), column `\(visible(header.names[place]))`: expected a number with a "
                        + "decimal point, found \(visible(text))\n  fix: read the file with table.import "
                        + "and decimal: \",\"")
            }
            values.append(value)
        }
        return values
    }

    /// Why a row does not fit the header.
    private func misfit(_ fields: [DelimitedField], _ names: [String]) -> String {
        var reason = "expected \(counted(names.count, "field")), found \(fields.count)"
        if manner.delimiter == nil && names.count == 1 {
            reason += "; the header is \(ForeignTable.names(names))"
        }
        if delimiter == .comma, fields.count == 2 * names.count,
            fields.allSatisfy({ NumberStyle.point.number($0.text) != nil })
        {
            reason +=
                "; are its commas decimal ones? set delimiter: and decimal: \",\" of table.import"
        }
        return reason
    }

    /// A header's names, and the places of those that a column can be called.
    struct Header {
        let names: [String]
        let kept: [Int]
        let isQuoted: Bool
    }

    /// Reads the first row.
    ///
    /// - Throws: ``FormatError`` where there is none, or a name stands there twice.
    static func header(_ reader: inout DelimitedReader) throws(FormatError) -> Header {
        guard let fields = try reader.row(), !fields.isEmpty else {
            throw FormatError("line 1: expected a header, found nothing")
        }
        var places: [String: Int] = [:]
        for (place, field) in fields.enumerated() where !field.text.isEmpty {
            if let first = places.updateValue(place, forKey: field.text) {
                throw FormatError(
                    "line \(reader.rowLine): expected each column once, found "
                        + "`\(visible(field.text))` twice, columns \(first + 1) and \(place + 1)\n"
                        + "  fix: rename one of them in the file")
            }
        }
        return Header(
            names: fields.map { $0.text },
            // Columns without a name, such as pandas' index, cannot be asked for.
            kept: fields.indices.filter { !fields[$0].text.isEmpty },
            isQuoted: fields.allSatisfy { $0.isQuoted })
    }
}
