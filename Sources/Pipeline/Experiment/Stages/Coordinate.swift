public import Canon

/// An axis and the value that an action has on it.
///
/// ```swift
/// let steps = Coordinate(axis: "steps", value: 100)
/// ```
public struct Coordinate: Hashable, Sendable {
    /// The axis.
    public let axis: String
    /// The value: a number, text, truth value or mapping.
    public let value: JSON

    /// Names a coordinate.
    public init(axis: String, value: JSON) {
        self.axis = axis
        self.value = value
    }
}
