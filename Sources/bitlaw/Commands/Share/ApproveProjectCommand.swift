import ArgumentParser
import Canon
import Glibc
import Run
import System

/// Approves what a project's file asks for.
struct ApproveProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract:
            "Approve what the bitlaw.yaml of a project asks for: remotes, folders, looser rules.",
        discussion: """
            A project is data until you say otherwise. What you approve is kept in ~/.config/bitlaw, for \
            this folder alone. It is asked again only when the file asks for more.

            EXAMPLE
              bitlaw trust                      # shows the list, and asks
              bitlaw trust ~/papers/law --yes
              bitlaw trust --withdraw
            """)

    @Argument(help: "The folder with the bitlaw.yaml.", completion: .directory)
    var folder = "."

    @Flag(help: "Approve without being asked.")
    var yes = false

    @Flag(help: "Take back what was approved.")
    var withdraw = false

    func run() throws {
        let project = ProjectFolder.real(ProjectFolder.absolute(folder))
        var approvals = try Approvals(of: .person)
        if withdraw {
            try approvals.withdraw(from: project)
            return Output.line("\(printable(project)): nothing is approved")
        }
        guard sizeOfFile("\(project)/bitlaw.yaml") != nil else {
            throw UsageError(
                text: "\(printable(project)): expected a folder with a bitlaw.yaml, found none\n"
                    + "  fix: bitlaw trust FOLDER")
        }
        let powers = try ProjectConfiguration.powers(askedBy: project, of: .person)
        let new = powers.filter { !approvals.hasGiven($0, to: project) }
        if powers.isEmpty {
            return Output.line("\(printable(project))/bitlaw.yaml asks for nothing to approve")
        }
        Output.line("\(printable(project))/bitlaw.yaml asks to")
        for power in powers {
            Output.line("  - \(power.text)\(new.contains(power) ? "" : " (approved)")")
        }
        guard new.isEmpty || yes || isConfirmed() else {
            throw UsageError(
                text: "nothing was approved\n  fix: bitlaw trust '\(printable(project))' --yes")
        }
        try approvals.give(powers, to: project)
        Output.line("approved")
    }

    /// Asks whoever sits at the terminal.
    private func isConfirmed() -> Bool {
        guard isatty(0) == 1 else { return false }
        Output.error("Approve? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
