/// Why an action failed, in words for the person who runs it.
///
/// ```swift
/// guard context.inputs("walks").count > 1 else {
///     throw ActionFailure(
///         description: "walks: expected two walks or more, found one\n  fix: give the axis more values")
/// }
/// ```
public struct ActionFailure: Error, CustomStringConvertible {
    /// What was expected, what was found, where, and what to do.
    public let description: String

    /// Names a failure.
    public init(description: String) { self.description = description }
}
