package import Canon

/// The parameters of one action: checked against its kind, with defaults filled in.
///
/// Every accessor traps on a name or type that the kind does not declare: that is a mistake of
/// whoever wrote the kind, never of the person who wrote the experiment file.
package struct Parameters: Sendable {
    /// The values by name.
    package let values: [String: JSON]

    /// Wraps values that were checked.
    package init(checked values: [String: JSON]) { self.values = values }

    /// A whole number.
    package func integer(_ name: String) -> Int { require(name, value(name).integer) }

    /// A number.
    package func number(_ name: String) -> Double { require(name, value(name).double) }

    /// A truth value.
    package func boolean(_ name: String) -> Bool { require(name, value(name).bool) }

    /// Text, or a choice.
    package func text(_ name: String) -> String { require(name, value(name).text) }

    /// A list of whole numbers.
    package func integers(_ name: String) -> [Int] {
        require(name, value(name).elements).map { require(name, $0.integer) }
    }

    /// A list of numbers.
    package func numbers(_ name: String) -> [Double] {
        require(name, value(name).elements).map { require(name, $0.double) }
    }

    /// A list of texts.
    package func texts(_ name: String) -> [String] {
        require(name, value(name).elements).map { require(name, $0.text) }
    }

    /// Whether an optional parameter is `null`.
    package func isNull(_ name: String) -> Bool { value(name) == .null }

    /// The value as it stands.
    package func value(_ name: String) -> JSON { require(name, values[name]) }

    private func require<Value>(_ name: String, _ value: Value?) -> Value {
        guard let value else { preconditionFailure("parameter \(name) is not declared that way") }
        return value
    }
}
