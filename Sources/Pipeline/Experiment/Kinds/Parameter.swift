public import Canon

/// A parameter of a kind.
///
/// ```swift
/// let steps = Parameter("steps", .integer(1...1_000_000), "How many steps.")
/// let length = Parameter(
///     "length", .number(from: 0, to: 1e6), default: 1, unit: "m", "How long each step is.")
/// let lattice = Parameter(
///     "lattice", .choice(["square", "triangular"]), default: "square", "Where the walk goes.")
/// ```
public struct Parameter: Sendable {
    /// The name under `params:`.
    public let name: String
    /// What values it takes.
    public let type: ParameterType
    /// The value where the file gives none; `nil` when the file must give one.
    public let defaultValue: JSON?
    /// The unit of the value, or empty.
    public let unit: String
    /// Whether another value gives another key; not so for what the result cannot depend on, such as
    /// the place of a file whose digest is given.
    public let isInKey: Bool
    /// One sentence.
    public let summary: String

    /// Describes a parameter.
    public init(
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
