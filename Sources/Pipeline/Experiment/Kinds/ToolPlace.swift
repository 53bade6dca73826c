/// Where a stage says that a tool stands.
package enum ToolPlace: Equatable, Sendable {
    /// A path below the project.
    case project(String)
    /// A path from the root.
    case root(String)
    /// A path below the person's home; empty for the home itself.
    case home(String)

    /// What a place is written as, for messages.
    package static let expected =
        "a path below the project, an absolute one, or one that begins with ~/"

    /// Reads a place as it is written; `nil` for one that nobody may name.
    package init?(_ written: String) {
        let parts = written.split(separator: "/", omittingEmptySubsequences: false)
        guard !written.isEmpty, !parts.contains(".."), !written.utf8.contains(0) else { return nil }
        let isFolder = written.hasSuffix("/") && written != "/"
        let clean = isFolder ? String(written.dropLast()) : written
        if clean.hasPrefix("/") {
            self = .root(clean)
        } else if parts.first == "~", parts.count > 1 {
            self = .home(String(clean.dropFirst(2)))
        } else if !clean.hasPrefix("~") {
            self = .project(clean)
        } else {
            return nil
        }
    }
}
