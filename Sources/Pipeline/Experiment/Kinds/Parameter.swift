package import Canon

/// A parameter of a kind.
package struct Parameter: Sendable {
    /// The name under `params:`.
    package let name: String
    /// What values it takes.
    package let type: ParameterType
    /// The value where the file gives none; `nil` when the file must give one.
    package let defaultValue: JSON?
    /// The unit of the value, or empty.
    package let unit: String
    /// Whether another value gives another key; not so for what the result cannot depend on, such as
    /// the place of a file whose digest is given.
    package let isInKey: Bool
    /// One sentence.
    package let summary: String

    /// Describes a parameter.
    package init(
        _ name: String, _ type: ParameterType, default defaultValue: JSON? = nil,
        unit: String = "", isInKey: Bool = true, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.unit = unit
        self.isInKey = isInKey
        self.summary = summary
    }
}
