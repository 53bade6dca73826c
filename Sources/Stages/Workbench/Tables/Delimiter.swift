/// What stands between two fields of a line.
enum Delimiter: String, CaseIterable {
    case comma = ","
    case tab
    case semicolon = ";"
    case bar = "|"
    /// Any run of blanks and tabs.
    case space

    /// The byte that ends a field.
    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .tab: UInt8(ascii: "\t")
        case .semicolon: UInt8(ascii: ";")
        case .bar: UInt8(ascii: "|")
        case .space: UInt8(ascii: " ")
        }
    }

    /// What a remark and a message call it.
    var plural: String {
        switch self {
        case .comma: "commas"
        case .tab: "tabs"
        case .semicolon: "semicolons"
        case .bar: "bars"
        case .space: "blanks"
        }
    }

    /// One of them, for a message.
    var one: String {
        switch self {
        case .comma: "a comma"
        case .tab: "a tab"
        case .semicolon: "a semicolon"
        case .bar: "a bar"
        case .space: "a blank"
        }
    }

    /// What the first two lines with content say.
    ///
    /// Of the delimiters that split the header and the row below into equally many fields, the one that
    /// gives most; where none does, the one that splits the header into most. Blanks count only where
    /// nothing else splits the header and the row below is all numbers.
    init(lookingAt bytes: [UInt8], comment: [UInt8]) {
        let marks: [Delimiter] = [.comma, .tab, .semicolon, .bar]
        let looks = marks.map { Look(bytes, $0, comment) }.filter { $0.header > 1 }
        let best = looks.filter { $0.isEven }.reduce(nil as Look?) { best, look in
            best.map { $0.header >= look.header } ?? false ? best : look
        }
        if let found = best ?? looks.max(by: { $0.header < $1.header }) {
            self = found.delimiter
            return
        }
        let blanks = Look(bytes, .space, comment)
        self = blanks.header > 1 && blanks.isEven && blanks.isNumeric ? .space : .comma
    }

    /// How a delimiter splits the header and the row below.
    private struct Look {
        let delimiter: Delimiter
        let header: Int
        let isEven: Bool
        let isNumeric: Bool

        init(_ bytes: [UInt8], _ delimiter: Delimiter, _ comment: [UInt8]) {
            self.delimiter = delimiter
            var reader = DelimitedReader(bytes: bytes, delimiter: delimiter, comment: comment)
            let width = (try? reader.row())?.count ?? 0
            let row = try? reader.row()
            header = width
            isEven = row.map { $0.count == width } ?? true
            isNumeric =
                row?.allSatisfy {
                    NumberStyle.point.number($0.text) ?? NumberStyle.comma.number($0.text) != nil
                } ?? false
        }
    }
}
