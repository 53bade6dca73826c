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
                "The program and its arguments, run in an empty folder. It sees the system, the tools that "
                    + "its words name and its inputs, read-only; no network, no other file and no variable "
                    + "but PATH, HOME, PWD, LC_ALL, TZ and OPENBLAS_NUM_THREADS (docs/programs.md). "
                    + "{inputs} stands for the paths of all inputs (as separate arguments where it stands "
                    + "alone), {0}, {1}, … for one, {output} for the file to write, {seed} for the seed; "
                    + "{{0}} is the text {0}, and what ${…} puts in is text. Without {seed} the stage's "
                    + "name is no part of the key. Paths are relative and without spaces."
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
        let inputs = call.readsInputs ? try mounts(context) : []
        let places = inputs.indices.map(CommandCall.place)
        let output =
            call.writesOutput
            ? context.path(forOutput: "out") : context.reusedPath(forOutput: "out")
        let arguments = call.arguments(inputs: places, seed: context.seed)
        guard !arguments.isEmpty else {
            throw ActionFailure(
                description:
                    "expected a program, found no words: {inputs} stands alone, and there is no "
                    + "input\n  fix: name the program before {inputs}")
        }
        try StartedProgram(context, inputs: inputs).run(
            arguments, output: call.writesOutput ? nil : output)
        if call.writesOutput, unsafe access(output, F_OK) != 0 {
            throw ActionFailure(
                description: "\(call.words[0]) ended well, but did not write {output}")
        }
    }

    /// The inputs, at the same places in every attempt, store and project, so that a program which prints
    /// them gives the same bits, and without characters that a shell would split.
    ///
    /// An unconfined program finds them in the attempt's own folder `in`.
    private static func mounts(_ context: StageContext) throws -> [SandboxMount] {
        let attempt = ProjectFolder.folder(of: context.folder)
        return try context.inputs("inputs").enumerated().map { index, input in
            let path = try input.path()
            let name = "inputs-\(index)"
            // Through a link an unconfined program could write the project's file.
            if !context.confinesPrograms && !path.hasPrefix("\(attempt)/") {
                try makeFolder("\(attempt)/in")
                try copyFile(path, to: "\(attempt)/in/\(name)")
            }
            return SandboxMount(path, at: "/in/\(name)")
        }
    }
}
