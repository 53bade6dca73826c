import ArgumentParser
import Cache
import Pipeline
import Stages

/// Documents the kinds.
struct Kinds: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the kinds of stages, or document one.",
        discussion: """
            EXAMPLE
              bitlaw kinds law.fit
            """)

    @Argument(help: "A kind.", completion: .list(allKinds.kinds.map { $0.name }))
    var name: String?

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    func run() throws {
        guard let name else {
            if json {
                Output.line(
                    JSON.array(allKinds.kinds.map(KindDocumentation.json)).canonicalText)
                return
            }
            let width = allKinds.kinds.map { $0.name.count }.max() ?? 0
            for kind in allKinds.kinds {
                let pad = String(repeating: " ", count: width - kind.name.count)
                Output.line("\(kind.name)\(pad)  \(kind.summary)")
            }
            return
        }
        guard let kind = allKinds.kind(name) else {
            var text = "unknown kind `\(name)`"
            if let nearest = nearestName(to: name, among: allKinds.kinds.map { $0.name }) {
                text += "\n  did you mean `\(nearest)`?"
            }
            throw UsageError(text: text + "\n  expected: a name that `bitlaw kinds` lists")
        }
        if json {
            Output.line(KindDocumentation.json(kind).canonicalText)
        } else {
            Output.write(KindDocumentation.text(kind))
        }
    }
}

/// Prints the JSON Schema of experiment files.
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of experiment files, for editors.",
        discussion: """
            Put `# yaml-language-server: $schema=bitlaw.schema.json` on top of an experiment file.

            EXAMPLE
              bitlaw schema > bitlaw.schema.json
            """)

    func run() throws { Output.write(ExperimentSchema.json(allKinds).pretty()) }
}

/// The process that executes actions; started by `run`.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Option var store: String
    @Option var also: [String] = []
    @Flag var volatile = false

    func run() throws {
        let store = try Store.open(store, also: also, creating: false, isDurable: !volatile)
        let seconds = EnvironmentVariables.person["BITLAW_CHECKPOINT_SECONDS"].flatMap(Double.init)
        throw ExitCode(
            workerMain(registry: allKinds, store: store, secondsBetweenStates: seconds ?? 20))
    }
}
