import Canon
package import Experiment
import Glibc
import System

/// Runs a program of the project's own.
package enum CommandStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "command", version: 2,
        summary: "Runs a program; its output is the file that it writes, or what it prints.",
        source: "our own; bits are as reproducible as the program is",
        parameters: [
            Parameter(
                "run", .list(.text, count: 1...1000), hasPlaceholders: true,
                "The program and its arguments, run in an empty folder. {inputs} stands for the "
                    + "paths of all inputs (as separate arguments where it stands alone), {0}, {1}, … "
                    + "for one, {output} for the file to write, {seed} for the seed; {{0}} is the "
                    + "text {0}, and what ${…} puts in is text. Without {seed} the stage's name is no part "
                    + "of the key. Paths are relative and without spaces."
            ),
            Parameter(
                "depends", .list(.text, count: 0...100), default: [],
                "Anything else that the result depends on, such as a version: part of the key."),
        ],
        inputs: [
            InputPort(
                "inputs", "what the program reads", isOptional: true, isCollection: true,
                takesSeveralStages: true)
        ],
        outputs: [
            OutputPort("out", fileName: "out", "The file written to {output}, or standard output.")
        ],
        isRandom: true, asksForSeed: { CommandCall(parameters: $0).usesSeed },
        runsForeignProgram: true,
        check: { parameters, inputs in
            CommandCall(parameters: parameters).mistake(inputs: inputs["inputs"] ?? 0)
        })

    /// Runs the program in the attempt's folder with a fixed environment.
    package static func run(_ context: StageContext) throws {
        let call = CommandCall(words: context.parameters.texts("run"))
        let output =
            call.writesOutput
            ? context.path(forOutput: "out") : context.reusedPath(forOutput: "out")
        let arguments = call.arguments(
            inputs: call.readsInputs ? try relativePaths(context) : [], seed: context.seed)
        guard !arguments.isEmpty else {
            throw ActionFailure(
                description:
                    "expected a program, found no words: {inputs} stands alone, and there is no "
                    + "input\n  fix: name the program before {inputs}")
        }
        let child = try ChildProcess(
            arguments, environment: context.programVariables.command(home: context.folder),
            folder: context.folder, streams: call.writesOutput ? .log : .file(output))
        let status = child.wait()
        guard status == 0 else { throw ProgramFailure(status: status, program: call.words[0]) }
        if call.writesOutput, unsafe access(output, F_OK) != 0 {
            throw ActionFailure(
                description: "\(call.words[0]) ended well, but did not write {output}")
        }
    }
}

extension CommandStage {
    /// The inputs as seen from the folder that the program runs in: the same names in every
    /// attempt, store and project, so that a program which prints them gives the same bits, and
    /// without characters that a shell would split.
    private static func relativePaths(_ context: StageContext) throws -> [String] {
        let attempt = context.folder.split(separator: "/").dropLast().joined(separator: "/")
        return try context.inputs("inputs").enumerated().map { index, input in
            let path = try input.path()
            if path.hasPrefix("/\(attempt)/") { return "../\(path.dropFirst(attempt.count + 2))" }
            let link = "/\(attempt)/in/inputs-\(index)"
            _ = unsafe mkdir("/\(attempt)/in", 0o777)
            guard unsafe symlink(path, link) == 0 else {
                throw ActionFailure(description: "\(link): cannot link to \(path)")
            }
            return CommandCall.place(ofInput: index)
        }
    }
}
