/// A JSON value (RFC 8259), with the one number type that RFC 8785 can canonicalise.
///
/// Integers beyond ±2⁵³ do not survive; what needs all 64 bits (a seed) travels as a string.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON {
    /// The member of an object by name; `nil` for a missing member and for any other value.
    package subscript(name: String) -> JSON? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    /// The text of a string value.
    package var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The value of a number.
    package var double: Double? {
        if case .number(let number) = self { return number }
        return nil
    }

    /// The value of a number that is a whole number of magnitude at most 2⁵³.
    package var integer: Int? {
        guard case .number(let number) = self, number.magnitude <= 9_007_199_254_740_992,
            let whole = Int(exactly: number)
        else { return nil }
        return whole
    }

    /// The truth value.
    package var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The elements of an array.
    package var elements: [JSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The members of an object.
    package var members: [String: JSON]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string value.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A number.
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A number.
    package init(floatLiteral value: Double) { self = .number(value) }
    /// A truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object; a name given twice traps.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}
