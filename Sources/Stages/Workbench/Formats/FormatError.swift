/// Bytes that are not what their format says.
package struct FormatError: Error, Equatable, CustomStringConvertible {
    /// What was expected, what was found, and where.
    package let description: String

    /// Names a failure.
    package init(_ description: String) { self.description = description }
}
