import ArgumentParser
import Canon
import Experiment

/// Prints the JSON Schema of experiment files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of experiment files, for editors.",
        discussion: """
            It has the kinds of the project in the current folder. Editors find it by the first line of an \
            experiment file:

              # yaml-language-server: $schema=bitlaw.schema.json

            EXAMPLE
              bitlaw schema > bitlaw.schema.json
            """)

    func run() throws {
        let kinds = try allKinds.kinds + ProjectKinds().all().map { $0.kind }
        Output.write(ExperimentSchema.json(kinds).pretty())
    }
}
