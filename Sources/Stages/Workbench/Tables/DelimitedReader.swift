import Canon

/// One field: its text, and whether it stood in quotes.
struct DelimitedField {
    let text: String
    let isQuoted: Bool
}

/// Reads fields line by line: CSV as in RFC 4180, with a delimiter of one's choice; empty lines pass.
struct DelimitedReader {
    private let bytes: [UInt8]
    private let delimiter: Delimiter
    private let comment: [UInt8]
    private var offset: Int
    private var line = 1
    /// The line that the last row started on.
    private(set) var rowLine = 1

    /// Begins with the first line; lines that start with `comment` pass where it is not empty.
    init(bytes: [UInt8], delimiter: Delimiter = .comma, comment: [UInt8] = []) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.comment = comment
        // A byte order mark is not part of the first column's name.
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The fields of the next row; `nil` after the last one.
    mutating func row() throws(FormatError) -> [DelimitedField]? {
        while skipLine() {}
        guard offset < bytes.count else { return nil }
        rowLine = line
        var fields: [DelimitedField] = []
        skipBlanks()
        while true {
            fields.append(try field(fields.count + 1))
            skipBlanks()
            guard offset < bytes.count else { return fields }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\n") {
                endLine()
                return fields
            }
            if delimiter != .space { offset += 1 }
        }
    }

    private mutating func endLine() {
        offset += 1
        line += 1
    }

    /// Passes a line that is empty or a comment.
    private mutating func skipLine() -> Bool {
        guard offset < bytes.count else { return false }
        let rest = bytes[offset...]
        var end = offset
        if !comment.isEmpty && rest.starts(with: comment) {
            end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        } else {
            let blanks = delimiter == .tab ? " \r" : " \t\r"
            while end < bytes.count, blanks.utf8.contains(bytes[end]) { end += 1 }
            guard end == bytes.count || bytes[end] == UInt8(ascii: "\n") else { return false }
        }
        offset = end
        if offset < bytes.count { endLine() }
        return true
    }

    /// With blanks as delimiter a run of them is one, and those at the ends are none.
    private mutating func skipBlanks() {
        guard delimiter == .space else { return }
        while offset < bytes.count, isDelimiter(bytes[offset]) || bytes[offset] == 0x0D {
            offset += 1
        }
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte == delimiter.byte || delimiter == .space && byte == 0x09
    }

    /// A field; leaves the offset at its delimiter, at its line feed, or at the end.
    private mutating func field(_ number: Int) throws(FormatError) -> DelimitedField {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") { return try quoted(number) }
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\n") || isDelimiter(byte) { break }
            if byte == UInt8(ascii: "\r"), isLineEnd(offset) { break }
            guard byte != UInt8(ascii: "\"") else {
                throw FormatError(
                    "line \(line), field \(number): expected a field with quotes to start with one, "
                        + "found one inside")
            }
            offset += 1
        }
        let text = try text(bytes[start..<offset], number)
        skipReturn()
        return DelimitedField(text: text, isQuoted: false)
    }

    private mutating func quoted(_ number: Int) throws(FormatError) -> DelimitedField {
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
                    offset == bytes.count || isDelimiter(bytes[offset])
                    || bytes[offset] == UInt8(ascii: "\n")
                guard isEnd else {
                    throw FormatError(
                        "line \(line), field \(number): expected \(delimiter.one) or the line's end "
                            + "after a closing quote")
                }
                return DelimitedField(text: try text(content[...], number), isQuoted: true)
            }
        }
        throw FormatError(
            "line \(start), field \(number): expected a closing quote, found the end of the file")
    }

    private func isLineEnd(_ place: Int) -> Bool {
        place + 1 == bytes.count || bytes[place + 1] == UInt8(ascii: "\n")
    }

    private mutating func skipReturn() {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\r"), isLineEnd(offset) {
            offset += 1
        }
    }

    private func text(_ field: ArraySlice<UInt8>, _ number: Int) throws(FormatError) -> String {
        if let text = String(validating: field, as: UTF8.self) { return text }
        let odd = field.firstIndex { $0 >= 0x80 }
        let byte = odd.map { field[$0] } ?? 0
        let meant = Unicode.Scalar(UInt32(byte)).map { String(Character($0)) } ?? ""
        throw FormatError(
            "line \(line), field \(number): expected UTF-8, found the byte 0x"
                + String(byte, radix: 16, uppercase: true)
                + (byte >= 0xA0 ? " (\(meant) in Latin-1)" : "")
                + "\n  fix: iconv -f LATIN1 -t UTF-8 FILE > FILE.csv   (if it is Latin-1)")
    }
}
