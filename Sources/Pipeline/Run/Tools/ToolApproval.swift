import Canon
import System

/// Whether the reader of a project lets it use tools that stand outside it.
///
/// A tool is shown to programs, and what is shown can end in a result: without a word of the reader a project
/// could name any folder of theirs.
package struct ToolApproval: Sendable {
    private let isGiven: @Sendable (_ place: String, _ project: String) -> Bool

    /// Asks about each place, which is given with every link followed.
    package init(_ isGiven: @escaping @Sendable (_ place: String, _ project: String) -> Bool) {
        self.isGiven = isGiven
    }

    /// Refuses a tool with places outside of which one is not approved, nor a folder that it is in.
    ///
    /// - Throws: ``OperationalError`` with the command that approves it.
    func check(_ outside: [String], _ name: String, project: String) throws {
        let missing = outside.filter { !isApproved($0, project) }
        guard let first = missing.first else { return }
        let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw OperationalError(
            code: .untrusted,
            message: "tools: \(visible(name)): expected a tool of the project, found one in "
                + "\(printable(first))\(more), which you did not approve",
            remedy: "look at it, then bitlaw trust '\(printable(project))'"
                + missing.prefix(8).map { " --read '\(printable($0))'" }.joined())
    }

    private func isApproved(_ place: String, _ project: String) -> Bool {
        var folder = place
        while folder != "/" && folder != "." {
            if isGiven(folder, project) { return true }
            folder = ProjectFolder.folder(of: folder)
        }
        return false
    }
}
