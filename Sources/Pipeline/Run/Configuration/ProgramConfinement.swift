/// Whether the programs that stages start are confined.
package enum ProgramConfinement: String, Sendable, Equatable {
    /// They see the system, their tools and their inputs, and nothing else.
    case confined
    /// They may do all that the person may: nothing can confine them here, or the person wants it so.
    case unconfined = "not confined"
}

/// What a person says of the programs of all projects, in their own configuration.
enum ProgramPolicy: String, CaseIterable, Sendable {
    /// They are confined; where that cannot be, a project's programs run once it is approved.
    case asked
    /// They are confined; where that cannot be, they run without.
    case allowed
    /// They are never confined.
    case unconfined
}
