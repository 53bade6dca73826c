/// A JSON value (RFC 8259), with the one number type that RFC 8785 can canonicalise.
///
/// Integers beyond ±2⁵³ do not survive; what needs all 64 bits (a seed) travels as a string.
/// Texts are equal where their bytes are, as their digests are: Unicode's two ways to write é (NFC, NFD) are
/// two texts.
///
/// ```swift
/// let facts: JSON = ["steps": 100, "distance": .number(9.5), "axes": ["x", "y"]]
/// let steps = facts["steps"]?.integer  // 100
/// try context.write("facts", facts.pretty())
/// ```
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON {
    /// Whether two values have the same canonical bytes; 0 and −0 do.
    public static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.isSameText(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count
                && a.allSatisfy { name, value in
                    guard let place = b.index(forKey: name) else { return false }
                    return b[place].key.isSameText(as: name) && b[place].value == value
                }
        default: false
        }
    }

    /// Hashes the value.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }

    /// The member of an object by name; `nil` for a missing member and for any other value.
    public subscript(name: String) -> JSON? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    /// The text of a string value.
    public var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The value of a number.
    public var double: Double? {
        if case .number(let number) = self { return number }
        return nil
    }

    /// The value of a number that is a whole number of magnitude at most 2⁵³.
    public var integer: Int? {
        guard case .number(let number) = self, number.magnitude <= 9_007_199_254_740_992,
            let whole = Int(exactly: number)
        else { return nil }
        return whole
    }

    /// The truth value.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The elements of an array.
    public var elements: [JSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The members of an object.
    public var members: [String: JSON]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object; a name given twice traps.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}
