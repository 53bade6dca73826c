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
    /// Whether places such as `{0}` in its text are filled in when the stage runs.
    ///
    /// What `${…}` puts into it is text, and stays what it is.
    package let hasPlaceholders: Bool
    /// One sentence.
    package let summary: String

    /// Describes a parameter.
    package init(
        _ name: String, _ type: ParameterType, default defaultValue: JSON? = nil,
        unit: String = "", isInKey: Bool = true, hasPlaceholders: Bool = false, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.unit = unit
        self.isInKey = isInKey
        self.hasPlaceholders = hasPlaceholders
        self.summary = summary
    }
}
