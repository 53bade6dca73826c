import Canon

/// What unquoted text means, in the core schema of YAML 1.2: `yes` and `on` stay text.
enum PlainScalar {
    /// The value; a text that has the form of no other value is text.
    static func json(_ text: String) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default:
            guard let first = text.utf8.first,
                first >= 0x30 && first <= 0x39 || first == UInt8(ascii: "-")
                    || first == UInt8(ascii: "+") || first == UInt8(ascii: "."),
                text.utf8.allSatisfy({
                    $0 >= 0x30 && $0 <= 0x39 || "+-.eE".utf8.contains($0)
                }),
                let number = Double(text), number.isFinite
            else { return .string(text) }
            return .number(number)
        }
    }
}
