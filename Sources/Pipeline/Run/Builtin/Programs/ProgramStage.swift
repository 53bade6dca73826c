import Canon
package import Experiment
import Glibc
import System

/// Runs a program of the project's own.
package enum ProgramStage: Stage {
    /// The contract of the kind `command`, whose stages name their inputs and outputs themselves.
    package static let kind = Kind(
        name: "command", version: 3,
        summary:
            "Runs a program; its outputs are the files and folders that it declares, or what it prints.",
        source: "our own; bits are as reproducible as the program is",
        parameters: ProgramParameters.list, outputs: ProgramOutputs().ports,
        isRandom: true, asksForSeed: ProgramParameters.usesSeed,
        runsForeignProgram: true, isOpen: true)

    /// Runs the program in the attempt's folder with a fixed environment.
    package static func run(_ context: StageContext) throws {
        guard let call = ProgramCall(parameters: context.parameters.values) else {
            throw ActionFailure(description: "expected a program, found none in the description")
        }
        let folder = try ProgramFolder(context, call)
        let words = try folder.places.words(call.words)
        guard let program = words.first else {
            throw ActionFailure(
                description:
                    "expected a program, found no words: an input without files stands there\n"
                    + "  fix: name the program first")
        }
        let variables = call.environment.map { "\($0.name)=\(folder.places.text($0.word))" }
        let printed =
            call.outputs.list.isEmpty ? context.reusedPath(forOutput: ProgramOutputs.printed) : nil
        let started = StartedProgram(context, folder, call, variables: variables)
        try started.run(words, output: printed)
        try folder.takeOutputs(call.outputs, program: program)
    }
}
