import Canon

/// A table as a structured array of NumPy (format 3.0): numbers are float64, truth values and texts are
/// text; what is missing is NaN, or an empty text.
struct StructuredArray {
    let bytes: [UInt8]

    init(_ table: ResultTable) {
        let isNumeric = table.columns.indices.map { table.type(ofColumn: $0) == "number" }
        let texts = table.rows.map { row in
            row.map { $0 == .null ? [] : Array(($0.text ?? $0.canonicalText).unicodeScalars) }
        }
        let widths = table.columns.indices.map { place in
            max(1, texts.map { $0[place].count }.max() ?? 1)
        }
        let fields = table.columns.indices.map { place in
            let name = table.columns[place].name.replacing("\\", with: "\\\\")
                .replacing("'", with: "\\'").replacing("\n", with: "\\n")
            return "('\(name)', '\(isNumeric[place] ? "<f8" : "<U\(widths[place])")')"
        }
        let header =
            "{'descr': [\(fields.map { $0 + ", " }.joined())], 'fortran_order': False, "
            + "'shape': (\(table.rows.count),), }"
        var bytes = StructuredArray.lead(Array(header.utf8))
        for (row, texts) in zip(table.rows, texts) {
            for place in table.columns.indices {
                if isNumeric[place] {
                    StructuredArray.append((row[place].double ?? .nan).bitPattern, to: &bytes)
                    continue
                }
                for scalar in texts[place] { StructuredArray.append(scalar.value, to: &bytes) }
                let rest = widths[place] - texts[place].count
                bytes += Array(repeating: 0, count: 4 * rest)
            }
        }
        self.bytes = bytes
    }

    /// The magic, the version and the header, which ends in a line feed at a multiple of 64 bytes.
    ///
    /// Version 3.0 is the one whose header is UTF-8.
    private static func lead(_ header: [UInt8]) -> [UInt8] {
        let length = (12 + header.count + 1 + 63) / 64 * 64 - 12
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [3, 0]
        append(UInt32(length), to: &bytes)
        bytes += header
        bytes += Array(repeating: UInt8(ascii: " "), count: length - header.count - 1)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static func append<Word: FixedWidthInteger>(_ word: Word, to bytes: inout [UInt8]) {
        for shift in 0..<(Word.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> (8 * Word(shift))))
        }
    }
}
