import ArgumentParser

/// What is written for a person to go on from.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write the beginning of a new kind of stage.",
        discussion: """
            EXAMPLE
              bitlaw new kind ridge --program
              bitlaw new kind law.slope
            """,
        subcommands: [NewKindCommand.self])
}
