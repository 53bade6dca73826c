/// Where and why text is not JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The offset of the first byte that does not fit.
    public let offset: Int
    /// What was expected there.
    public let reason: String

    /// Names a place and a reason.
    package init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// The reason and its place.
    public var description: String { "byte \(offset): \(reason)" }
}

extension JSON {
    /// Reads one JSON text (RFC 8259): strict, at most 512 levels deep, no member name twice.
    ///
    /// - Complexity: linear in the bytes.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var values = Int.max
        try self.init(parsing: bytes, values: &values)
    }

    /// Reads one JSON text of at most so many values, which it takes from `values`: in memory a value is
    /// many times the two bytes that it can be written in.
    package init(parsing bytes: [UInt8], values: inout Int) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, values: values)
        defer { values = parser.values }
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.offset == bytes.count else { throw parser.error("expected the end") }
        self = value
    }

    /// Reads one JSON text.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var offset = 0
    /// How many more values may come.
    var values: Int

    init(bytes: [UInt8], values: Int) {
        self.bytes = bytes
        self.values = values
    }

    func error(_ reason: String) -> JSONError { JSONError(offset: offset, reason: reason) }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth < 512 else { throw error("nested deeper than 512 levels") }
        guard values > 0 else { throw error("more values than are read here") }
        values -= 1
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let word = Array(text.description.utf8)
        guard offset + word.count <= bytes.count,
            Array(bytes[offset..<offset + word.count]) == word
        else { throw error("expected a value") }
        offset += word.count
        return value
    }

    mutating func object(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("expected a member name") }
            let start = offset
            let name = try string()
            guard members[name] == nil else {
                throw JSONError(
                    offset: start, reason: "member \"\(visible(name))\" stands there twice")
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':'") }
            skipSpace()
            members[name] = try value(depth: depth + 1)
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}'") }
        }
    }

    mutating func array(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']'") }
        }
    }

    mutating func digits() -> Int {
        let start = offset
        while let byte = next, byte >= 0x30 && byte <= 0x39 { offset += 1 }
        return offset - start
    }

    mutating func number() throws(JSONError) -> JSON {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        let first = next
        let count = digits()
        guard count > 0 else {
            offset = start
            throw error("expected a value")
        }
        if first == UInt8(ascii: "0") && count > 1 {
            offset = start
            throw error("a number starts with 0")
        }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw error("expected a digit") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            offset += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
            guard digits() > 0 else { throw error("expected a digit") }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            offset = start
            throw error("\(text) is beyond the range of a double")
        }
        return .number(number)
    }

    mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20
        {
            offset += 1
        }
        if next == UInt8(ascii: "\"") {
            defer { offset += 1 }
            return try validated(bytes[start..<offset], at: start)
        }
        var content = Array(bytes[start..<offset])
        while true {
            guard let byte = next else { throw error("the string does not end") }
            guard byte >= 0x20 else { throw error("a control character in a string") }
            offset += 1
            if byte == UInt8(ascii: "\"") { return try validated(content[...], at: start) }
            if byte != UInt8(ascii: "\\") {
                content.append(byte)
                continue
            }
            guard let escape = next else { throw error("the string does not end") }
            offset += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(escape)
            case UInt8(ascii: "b"): content.append(8)
            case UInt8(ascii: "f"): content.append(12)
            case UInt8(ascii: "n"): content.append(10)
            case UInt8(ascii: "r"): content.append(13)
            case UInt8(ascii: "t"): content.append(9)
            case UInt8(ascii: "u"): content += Array(String(try escapedScalar()).utf8)
            default:
                offset -= 1
                throw error("an unknown escape")
            }
        }
    }

    func validated(_ content: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONError(offset: start, reason: "the string is not UTF-8")
        }
        return text
    }

    mutating func unit() throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count,
            let unit = UInt32(
                String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16),
            bytes[offset] != UInt8(ascii: "+"), bytes[offset] != UInt8(ascii: "-")
        else { throw error("expected four hexadecimal digits") }
        offset += 4
        return unit
    }

    mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        let high = try unit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw JSONError(offset: start, reason: "half of a surrogate pair")
        }
        let low = try unit()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(offset: start, reason: "half of a surrogate pair") }
        return scalar
    }
}
