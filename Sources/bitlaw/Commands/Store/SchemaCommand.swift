import ArgumentParser
import Canon
import Experiment

/// Prints the JSON Schema of experiment files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of experiment files, for editors.",
        discussion: """
            Put `# yaml-language-server: $schema=bitlaw.schema.json` on top of an experiment file.

            It has the kinds that files of the project describe, too.

            EXAMPLE
              bitlaw schema > bitlaw.schema.json
            """)

    func run() throws {
        let kinds = try allKinds.kinds + ProjectKinds().all().map { $0.kind }
        Output.write(ExperimentSchema.json(kinds).pretty())
    }
}
