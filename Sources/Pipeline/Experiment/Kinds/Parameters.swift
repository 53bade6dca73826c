public import Canon

/// The parameters of one action: checked against its kind, with defaults filled in.
///
/// Every accessor traps on a name or type that the kind does not declare: that is a mistake of
/// whoever wrote the kind, never of the person who wrote the experiment file.
///
/// ```swift
/// let steps = context.parameters.integer("steps")
/// let length = context.parameters.number("length")
/// let start = context.parameters.isNull("start") ? [0, 0] : context.parameters.numbers("start")
/// ```
public struct Parameters: Sendable {
    /// The values by name.
    package let values: [String: JSON]

    /// Wraps values that were checked.
    package init(checked values: [String: JSON]) { self.values = values }

    /// A whole number.
    public func integer(_ name: String) -> Int { require(name, value(name).integer) }

    /// A number.
    public func number(_ name: String) -> Double { require(name, value(name).double) }

    /// A truth value.
    public func boolean(_ name: String) -> Bool { require(name, value(name).bool) }

    /// Text, or a choice.
    public func text(_ name: String) -> String { require(name, value(name).text) }

    /// A list of whole numbers.
    public func integers(_ name: String) -> [Int] {
        require(name, value(name).elements).map { require(name, $0.integer) }
    }

    /// A list of numbers.
    public func numbers(_ name: String) -> [Double] {
        require(name, value(name).elements).map { require(name, $0.double) }
    }

    /// A list of texts.
    public func texts(_ name: String) -> [String] {
        require(name, value(name).elements).map { require(name, $0.text) }
    }

    /// Whether an optional parameter is `null`.
    public func isNull(_ name: String) -> Bool { value(name) == .null }

    /// The value as it stands.
    public func value(_ name: String) -> JSON { require(name, values[name]) }

    private func require<Value>(_ name: String, _ value: Value?) -> Value {
        guard let value else { preconditionFailure("parameter \(name) is not declared that way") }
        return value
    }
}
