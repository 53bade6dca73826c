package import Canon

/// A result that a policy did not let through.
package struct Refusal: Equatable, Sendable {
    /// The store or remote that has it.
    package let origin: String
    /// Its action key.
    package let key: Digest
    /// What was expected and found.
    package let reason: String
}
