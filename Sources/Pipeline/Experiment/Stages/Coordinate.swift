package import Canon

/// An axis and the value that an action has on it.
package struct Coordinate: Hashable, Sendable {
    /// The axis.
    package let axis: String
    /// The value: a number, text, truth value or mapping.
    package let value: JSON

    /// Names a coordinate.
    package init(axis: String, value: JSON) {
        self.axis = axis
        self.value = value
    }
}
