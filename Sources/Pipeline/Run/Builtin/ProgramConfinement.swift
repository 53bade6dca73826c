/// Whether the programs that stages start are confined.
package enum ProgramConfinement: Sendable, Equatable {
    /// They see the system, their tools and their inputs, and nothing else.
    case confined
    /// They may do all that the person may: no bubblewrap works here, or the person wants it so.
    case unconfined

    /// How records and reports say it.
    package var text: String {
        switch self {
        case .confined: "confined"
        case .unconfined: "not confined"
        }
    }
}
