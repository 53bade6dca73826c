import Canon

/// How numbers are written in a text: decimal digits with one mark, an exponent, nothing else.
struct NumberStyle: Equatable {
    /// What stands before the fraction: a point, or a comma.
    var mark = UInt8(ascii: ".")

    static let point = NumberStyle()
    static let comma = NumberStyle(mark: UInt8(ascii: ","))

    /// The number that a text is; blanks around it do not count.
    ///
    /// `0x10`, `1_000`, `nan`, `inf` and what overflows are none.
    func number(_ text: String) -> Double? {
        var bytes = text.utf8[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.count < 400, bytes.allSatisfy(isPart) else { return nil }
        let number =
            mark == UInt8(ascii: ".")
            ? Double(Substring(bytes))
            : Double(String(decoding: bytes.map { $0 == mark ? 0x2E : $0 }, as: UTF8.self))
        guard let number, number.isFinite else { return nil }
        return number
    }

    private func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, mark, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A field's value: a number where it is one, nothing where it is empty, else a text.
    func value(_ field: DelimitedField, quotesCount: Bool = true) -> JSON {
        if field.isQuoted && quotesCount { return .string(field.text) }
        if field.text.isEmpty { return .null }
        return number(field.text).map { .number($0) } ?? .string(field.text)
    }

    /// Whether a text would be a number if its comma were the decimal mark.
    static func isDecimalComma(_ text: String) -> Bool {
        text.utf8.count { $0 == UInt8(ascii: ",") } == 1 && NumberStyle.comma.number(text) != nil
    }
}
