extension JSON {
    /// The canonical bytes of RFC 8785; equal values give equal bytes.
    ///
    /// No white space, members by UTF-16 code units, numbers as ECMAScript writes them.
    /// Infinities and NaN trap: JSON has none, and nothing that reads them gets this far.
    /// - Complexity: linear in the size, and `n log n` in the members of an object.
    public func canonical() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the canonical bytes.
    package func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += Array("null".utf8)
        case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
        case .number(let number): JSON.append(number, to: &bytes)
        case .string(let text): JSON.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, name) in JSON.sorted(members.keys).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSON.append(name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                (members[name] ?? .null).append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The same text for people: members in the same order, two spaces a level, final newline.
    public func pretty() -> String {
        var text = ""
        appendPretty(to: &text, indent: "")
        return text + "\n"
    }

    private func appendPretty(to text: inout String, indent: String) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let simple = elements.allSatisfy { $0.elements == nil && $0.members == nil }
            if simple {
                text += "[" + elements.map { $0.canonicalText }.joined(separator: ", ") + "]"
                return
            }
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += indent + "  "
                element.appendPretty(to: &text, indent: indent + "  ")
                text += index + 1 < elements.count ? ",\n" : "\n"
            }
            text += indent + "]"
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            let names = JSON.sorted(members.keys)
            for (index, name) in names.enumerated() {
                text += indent + "  " + JSON.string(name).canonicalText + ": "
                (members[name] ?? .null).appendPretty(to: &text, indent: indent + "  ")
                text += index + 1 < names.count ? ",\n" : "\n"
            }
            text += indent + "}"
        default: text += canonicalText
        }
    }

    /// The canonical bytes as text.
    public var canonicalText: String { String(decoding: canonical(), as: UTF8.self) }

    /// Member names in the order of RFC 8785 §3.2.3: by UTF-16 code units.
    public static func sorted(_ names: some Collection<String>) -> [String] {
        names.sorted(by: isBefore)
    }

    /// Whether a member name stands before another in that order.
    package static func isBefore(_ left: String, _ right: String) -> Bool {
        if left.utf8.allSatisfy({ $0 < 0x80 }) && right.utf8.allSatisfy({ $0 < 0x80 }) {
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    /// Appends a string in quotes with the escapes of RFC 8785 §3.2.2.2.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 8: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 9: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 10: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 12: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 13: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8)
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a number as ECMAScript's `Number::toString` writes it (ECMA-262 §6.1.6.1.20).
    ///
    /// The digits are the shortest that read back to the same double, as the standard library
    /// finds them; only their layout is ECMAScript's.
    package static func append(_ number: Double, to bytes: inout [UInt8]) {
        precondition(number.isFinite, "JSON has no \(number)")
        if number == 0 {
            bytes.append(UInt8(ascii: "0"))
            return
        }
        if number.magnitude < 1e15, let whole = Int(exactly: number) {
            bytes += String(whole).utf8
            return
        }
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var seenPoint = false
        let text = Array(number.magnitude.description.utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") {
                seenPoint = true
                continue
            }
            if !seenPoint { point += 1 }
            digits.append(byte)
        }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let n = point - leading + exponent  // the value is 0.digits × 10ⁿ
        let k = digits.count
        let zero = UInt8(ascii: "0")
        let dot = UInt8(ascii: ".")
        if k <= n && n <= 21 {
            bytes += digits + [UInt8](repeating: zero, count: n - k)
        } else if 0 < n && n <= 21 {
            bytes += digits[..<n] + [dot] + digits[n...]
        } else if -6 < n && n <= 0 {
            bytes += [zero, dot] + [UInt8](repeating: zero, count: -n) + digits
        } else {
            bytes.append(digits[0])
            if k > 1 { bytes += [dot] + digits[1...] }
            bytes += Array((n - 1 < 0 ? "e-" : "e+").utf8) + Array(String((n - 1).magnitude).utf8)
        }
    }
}
