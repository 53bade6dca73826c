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
        parameters: [
            Parameter(
                "run", .words,
                "The program and its arguments, or a text that `sh -eu` runs. It starts in an empty folder "
                    + "and sees the system, the tools that its words name, its files and inputs, read-only; "
                    + "no network, no other file and no other variable (docs/programs.md). ${inputs.NAME} "
                    + "stands for the path of an input, or the paths of all its files, as separate words "
                    + "where it stands alone; ${inputs.NAME.table} for a CSV file of paths and coordinates, "
                    + "${inputs.NAME.folder} for their folder; ${outputs.NAME} for the path to write; "
                    + "${seed} for the seed, ${seed32} for one below 2^32; ${params} for a JSON file of "
                    + "coordinates. Axes and constants are filled in as everywhere; $${ is the text ${. "
                    + "Without a seed the stage's name is no part of the key."),
            Parameter(
                "files", .list(.text, count: 0...1000), default: [], isInKey: false,
                "Programs, modules and folders of the project that it uses, at their own places: their "
                    + "contents are part of the key. Patterns such as lib/*.py are taken."),
            Parameter(
                "exclude", .list(.text, count: 0...1000), default: [], isInKey: false,
                "What is left out of folders, as in .gitignore; .git and __pycache__ always are."),
            Parameter(
                "outputs", .any, default: .null,
                "The outputs, each with its path: {metrics: metrics.json, figures: figures/}. A path that "
                    + "ends in / is a folder. Without any, what the program prints is the output `out`."
            ),
            Parameter(
                "env", .environment, default: .object([:]),
                "Variables for the program: part of the key. Values are filled in as words are."),
            Parameter(
                "pass", .list(.text, count: 0...100), default: [], isInKey: false,
                "Variables of yours that the program gets, such as CUDA_VISIBLE_DEVICES: recorded, and no "
                    + "part of the key."),
            Parameter(
                "tools", .any, default: .object([:]), isInKey: false,
                "Tools by name: a virtual environment, a conda environment, a lock file, any file or "
                    + "folder. The program sees them read-only; what they are is part of the key."),
            Parameter(
                "network", .boolean, default: false,
                "Whether the program reaches the network; you are asked for it."),
            Parameter(
                "pin", .boolean, default: true,
                "Whether well-known libraries are told to compute alike on every CPU (docs/programs.md)."
            ),
            Parameter(
                "depends", .list(.text, count: 0...100), default: [],
                "Anything else that the result depends on, such as a version: part of the key."),
            Parameter(
                "system", .choice(["recorded", "strict"]), default: "recorded", isInKey: false,
                "Whether the list of the system's packages is part of the key (strict)."),
        ],
        inputs: [
            InputPort(
                OpenKindReader.files, "the files of `files`", isOptional: true, isCollection: true,
                takesSeveralStages: true)
        ],
        outputs: ProgramOutputs().ports,
        isRandom: true, asksForSeed: { ProgramCall(parameters: $0)?.usesSeed ?? false },
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
        let status = try started.run(words, output: printed)
        guard status == 0 else { throw ProgramFailure(status: status, program: program) }
        try folder.takeOutputs(call.outputs, program: program)
    }
}
