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

    /// Says that a command is about to start the programs of a project that its reader did not approve.
    static func tellPrograms(project: String) throws {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        if configuration.withheld.isEmpty { return }
        tell(configuration.withheld, project: project)
        Output.error(
            "warning: you did not approve this project, and its commands are programs that this "
                + "starts, with all that you may do\n")
    }

    /// Refuses a remote that nobody approved.
    static func refusal(_ remote: String, project: String) -> UsageError {
        UsageError(
            text:
                "the remote \(printable(remote)) stands in \(printable(project))/bitlaw.yaml, and you "
                + "did not approve it: nothing was sent\n  fix: look at it, then \(fix(project))")
    }
}
