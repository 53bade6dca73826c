import Canon

/// What unquoted text means, in the core schema of YAML 1.2: `yes` and `on` stay text.
enum PlainScalar {
    /// The value; a text that has the form of no other value is text.
    static func value(_ text: String) -> Value {
        switch text {
        case "": return .scalar(.null, written: nil)
        case "~", "null", "Null", "NULL": return .scalar(.null, written: text)
        case "true", "True", "TRUE": return .scalar(.bool(true), written: text)
        case "false", "False", "FALSE": return .scalar(.bool(false), written: text)
        default: return number(text) ?? .scalar(.string(text), written: text)
        }
    }

    /// The number that a text is, with its writing; `nil` where it does not have the form of one.
    static func number(_ text: String) -> Value? {
        guard let first = text.utf8.first, "0123456789+-.".utf8.contains(first) else { return nil }
        if isNotFinite(text) { return .unfit(text, .notFinite) }
        if isOtherBase(text) { return .unfit(text, .otherBase) }
        guard let decimal = DecimalText(text), let number = Double(text) else { return nil }
        if decimal.hasLeadingZero { return .unfit(text, .leadingZero) }
        if !number.isFinite { return .unfit(text, .tooLarge) }
        if number == 0 && !decimal.digits.isEmpty { return .unfit(text, .tooSmall) }
        if isRounded(number, decimal) { return .unfit(text, .tooManyDigits) }
        return .scalar(.number(number), written: text)
    }

    /// Whether a double beyond 2⁵³ is another number than the one that was written.
    private static func isRounded(_ number: Double, _ decimal: DecimalText) -> Bool {
        let largest = 9_007_199_254_740_992.0
        guard number.magnitude >= largest else { return false }
        if decimal.isWhole {
            return number.magnitude > largest
                || decimal.digits != Array("9007199254740992".utf8)
        }
        guard let nearest = DecimalText(JSON.number(number).canonicalText) else { return true }
        return nearest.digits != decimal.digits || nearest.exponent != decimal.exponent
    }

    private static func isNotFinite(_ text: String) -> Bool {
        let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        return [".inf", ".Inf", ".INF"].contains(unsigned)
            || [".nan", ".NaN", ".NAN"].contains(text)
    }

    private static func isOtherBase(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst(2)
        guard !digits.isEmpty else { return false }
        if text.hasPrefix("0o") { return digits.allSatisfy { (0x30...0x37).contains($0) } }
        return text.hasPrefix("0x") && text.dropFirst(2).allSatisfy { $0.isHexDigit && $0.isASCII }
    }
}
