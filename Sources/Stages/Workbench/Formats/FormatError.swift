/// Bytes that are not what their format says.
///
/// ```swift
/// guard table.columns.contains("distance") else {
///     throw FormatError("walks: expected a column distance, found \(table.columns)")
/// }
/// ```
public struct FormatError: Error, Equatable, CustomStringConvertible {
    /// What was expected, what was found, and where.
    public let description: String

    /// Names a failure.
    public init(_ description: String) { self.description = description }
}
