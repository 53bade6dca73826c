package import Canon

/// What is said of a program: by a stage of the kind `command`, or by the file of a kind.
package enum ProgramParameters {
    /// The member of an action's parameters that holds them, for a kind with parameters of its own.
    package static let member = "program"

    /// Each of them, in the order of the documentation.
    package static let list = [
        Parameter(
            "run", .words,
            "The program and its arguments, or a text that `sh -eu` runs. It starts in an empty folder and "
                + "sees the system, the tools that its words name, its files and inputs, read-only; no "
                + "network and no other file (docs/programs.md). A program that is named by a path of the "
                + "project, as in ./train.sh, is one of its files. ${inputs.NAME} stands "
                + "for the path of an input, or the paths of all its files, as separate words where it "
                + "stands alone; ${inputs.NAME.table} for a CSV file of paths and coordinates, "
                + "${inputs.NAME.folder} for their folder; ${outputs.NAME} for the path to write; ${seed} "
                + "for the seed, ${seed32} for one below 2^32; ${params} for a JSON file of coordinates and "
                + "parameters. Axes and constants are filled in as everywhere; $${ is the text ${. Without "
                + "a seed the stage's name is no part of the key."),
        Parameter(
            "files", .list(.text, count: 0...1000), default: [], isInKey: false,
            "Programs, modules and folders of the project that it uses, at their own places: their "
                + "contents are part of the key. Patterns such as lib/*.py are taken."),
        Parameter(
            "exclude", .list(.text, count: 0...1000), default: [], isInKey: false,
            "What is left out of folders, as in .gitignore; .git and __pycache__ always are."),
        Parameter(
            "outputs", .any, default: .null,
            "The outputs, each with its path: {metrics: metrics.json, figures: figures/}. A path that ends "
                + "in / is a folder. Without any, what the program prints is the output `out`."),
        Parameter(
            "env", .environment, default: .object([:]),
            "Variables for the program: part of the key. Values are filled in as words are. Beside them it "
                + "has HOME and PWD (/work), PATH, LC_ALL=C.UTF-8, TZ=UTC, "
                + "PYTHONDONTWRITEBYTECODE=1, and those of `pin` and `pass`; no other."),
        Parameter(
            "pass", .list(.text, count: 0...100), default: [], isInKey: false,
            "Variables of yours that the program gets, such as CUDA_VISIBLE_DEVICES: recorded, and no part "
                + "of the key."),
        Parameter(
            "tools", .any, default: .object([:]), isInKey: false,
            "Tools by name: a virtual environment, a conda environment, a lock file, any file or folder. "
                + "The program sees them read-only; what they are is part of the key."),
        Parameter(
            "network", .boolean, default: false,
            "Whether the program reaches the network; you are asked for it."),
        Parameter(
            "pin", .boolean, default: true,
            "Whether well-known libraries are told to compute alike on every CPU with AVX2, on one "
                + "thread, by ATEN_CPU_CAPABILITY, CUBLAS_WORKSPACE_CONFIG, DNNL_MAX_CPU_ISA, MKL_CBWR, "
                + "MKL_NUM_THREADS, NPY_DISABLE_CPU_FEATURES, NUMEXPR_NUM_THREADS, OMP_NUM_THREADS, "
                + "ONEDNN_MAX_CPU_ISA, OPENBLAS_CORETYPE, OPENBLAS_NUM_THREADS, PYTHONHASHSEED and "
                + "XLA_FLAGS (docs/programs.md)."
        ),
        Parameter(
            "depends", .list(.text, count: 0...100), default: [],
            "Anything else that the result depends on, such as a version: part of the key."),
        Parameter(
            "system", .choice(["recorded", "strict"]), default: "recorded", isInKey: false,
            "Whether the list of the system's packages is part of the key (strict)."),
    ]

    /// The input of the files that `files` names.
    static let files = InputPort(
        InputPort.programFiles, "the files of `files`", isOptional: true, isCollection: true,
        takesSeveralStages: true)

    /// What an action's parameters say of its program: they themselves, or the member for it.
    package static func of(_ parameters: [String: JSON]) -> [String: JSON] {
        parameters[member]?.members ?? parameters
    }

    /// Variables that are the same for every program.
    static let fixedVariables = ["HOME", "PATH", "PWD", "TMPDIR"]
    /// The most bytes in the name of a variable that is passed on.
    static let longestPassed = 90

    /// Why a program cannot be given a variable of this name, and what is expected; `nil` where it can.
    package static func refusal(ofVariable name: String) -> (message: String, advice: String)? {
        if !isVariable(name) {
            return (
                "no variable can be called `\(visible(name))`",
                "expected: letters, digits and _, beginning with no digit"
            )
        }
        guard fixedVariables.contains(name) else { return nil }
        return (
            "`\(name)` is the same for every program",
            "expected: another variable than " + fixedVariables.joined(separator: ", ")
        )
    }

    /// Whether a text can be the name of a variable.
    static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 95
        }
    }

    /// An action's parameters without what is in no key.
    static func inKey(_ parameters: [String: JSON]) -> [String: JSON] {
        var program = of(parameters)
        for parameter in list where !parameter.isInKey { program[parameter.name] = nil }
        guard parameters[member] != nil else { return program }
        var all = parameters
        all[member] = .object(program)
        return all
    }

    /// Whether the program of an action with these parameters is given its seed.
    package static func usesSeed(_ parameters: [String: JSON]) -> Bool {
        let program = of(parameters)
        let words = program["run"].flatMap { ProgramWords(json: $0) }
        let variables = (program["env"]?.members ?? [:]).values.compactMap(ProgramWords.word)
        return words?.usesSeed ?? false || ProgramWords.list(variables).usesSeed
    }

    /// The file of the project that the program is, where it is named by its path below the project and is
    /// none of `files`, `tools` and what they have in them.
    static func ownProgram(_ program: [String: JSON]) -> String? {
        guard let path = program["run"].flatMap({ ProgramWords(json: $0) })?.ownProgram else {
            return nil
        }
        let files = (program["files"]?.elements ?? []).compactMap { $0.text }
        let tools = (program["tools"]?.members ?? [:]).values.compactMap { $0.text }
        func parts(_ path: String) -> [ExactText] {
            path.split(separator: "/").filter { $0 != "." }.map { ExactText(String($0)) }
        }
        let isGiven = (files + tools).contains { parts(path).starts(with: parts($0)) }
        return isGiven ? nil : path
    }

    /// The variables of the person that the program of an action with these parameters is given.
    package static func passed(_ parameters: [String: JSON]) -> [String] {
        (of(parameters)["pass"]?.elements ?? []).compactMap { $0.text }
    }

    /// Whether the name of a variable says that its value is no secret: it tells numbers of GPUs or threads.
    package static func isOpen(variable name: String) -> Bool {
        name.hasSuffix("_VISIBLE_DEVICES") || name.hasSuffix("_NUM_THREADS")
    }

    /// Whether the program of an action with these parameters reaches the network.
    package static func isNetworked(_ parameters: [String: JSON]) -> Bool {
        of(parameters)["network"]?.bool ?? false
    }
}
