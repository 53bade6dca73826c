import ArgumentParser
import Canon
import Experiment

/// Prints the JSON Schema of experiment files, or of what a command prints for programs.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of experiment files, or of a command's --json.",
        discussion: """
            Without COMMAND it is that of experiment files, with the kinds of the project in the current \
            folder. Editors find it by the first line of an experiment file:

              # yaml-language-server: $schema=bitlaw.schema.json

            With COMMAND it is that of what the command prints with --json: docs/reference/json.md.

            EXAMPLE
              bitlaw schema > bitlaw.schema.json
              bitlaw schema why
              bitlaw schema claims check
            """)

    @Argument(help: "A command that takes --json, such as why, or claims check.")
    var command: [String] = []

    func run() throws {
        if !command.isEmpty { return try describe(command.joined(separator: " ")) }
        let kinds = try allKinds.kinds + ProjectKinds().all().map { $0.kind }
        Output.write(ExperimentSchema.json(kinds).pretty())
    }

    private func describe(_ command: String) throws {
        let schemas = try DocumentSchemas()
        if let schema = schemas.schema(of: command) { return Output.write(schema.pretty()) }
        let parts = schemas.names.filter { $0.hasPrefix("\(command) ") }
        var text = "no command `bitlaw \(visible(command))` prints JSON"
        if let nearest = nearestName(to: command, among: schemas.names) {
            text += "\n  did you mean `bitlaw schema \(nearest)`?"
        } else {
            let expected = parts.isEmpty ? schemas.names : parts
            text += "\n  expected: \(expected.joined(separator: ", "))"
        }
        throw UsageError(text: text)
    }
}
