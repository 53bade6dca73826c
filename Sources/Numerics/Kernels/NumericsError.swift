/// A numerics library that is missing, or computes with other kernels than were asked for.
public struct NumericsError: Error, Equatable, CustomStringConvertible {
    /// What was expected, what was found, and what to do.
    public let description: String

    /// Names a failure.
    package init(description: String) { self.description = description }
}
