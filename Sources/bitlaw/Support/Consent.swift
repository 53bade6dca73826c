import Canon
import Run
import System

/// What a project may do because its reader said so, and what is told where they did not.
enum Consent {
    /// The project of a file; another account's file in a parent folder makes one only once approved.
    static func project(of file: String) throws -> String {
        let approvals = try Approvals(of: .person)
        return ProjectFolder.of(file, isApproved: approvals.hasApproved)
    }

    /// The next step of whoever reads the project.
    static func fix(_ project: String) -> String { "bitlaw trust '\(printable(project))'" }

    /// Says what of a project's file is left out, for want of approval.
    static func tell(_ withheld: [Power], project: String) {
        if withheld.isEmpty { return }
        Output.error(
            "warning: \(printable(project))/bitlaw.yaml asks for what you did not approve; going on "
                + "without it:\n" + withheld.map { "  - \($0.text)\n" }.joined()
                + "  fix: look at it, then \(fix(project))\n")
    }

    /// Refuses a remote that nobody approved.
    static func refusal(_ remote: String, project: String) -> UsageError {
        UsageError(
            text:
                "the remote \(printable(remote)) stands in \(printable(project))/bitlaw.yaml, and you "
                + "did not approve it: nothing was sent\n  fix: look at it, then \(fix(project))")
    }
}
