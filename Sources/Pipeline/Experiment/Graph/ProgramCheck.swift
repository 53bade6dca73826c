import Canon
import System

/// Looks whether what stages say of their programs can be given: variables that are passed on, and tools.
struct ProgramCheck {
    let project: String
    let files: ExperimentFiles
    let diagnostics: Diagnostics
    /// The places of tools that were looked at, each told once.
    private var known: Set<ExactText> = []

    init(project: String, files: ExperimentFiles, diagnostics: Diagnostics) {
        self.project = project
        self.files = files
        self.diagnostics = diagnostics
    }

    /// Whether it can, for an action with these parameters; mistakes are told at their places.
    mutating func holds(_ stage: ExperimentSyntax.Stage, _ parameters: [String: JSON]) -> Bool {
        guard stage.kind.runsForeignProgram else { return true }
        let before = diagnostics.list.count
        let program = ProgramParameters.of(parameters)
        checkPassed(program, stage.written("pass"), stage.name.place)
        checkOutputs(program, stage)
        warnOfDollars(program, stage)
        // What is frozen starts nothing.
        if stage.freeze == nil {
            checkTools(program["tools"] ?? .null, stage.written("tools"), stage.name.place)
        }
        return diagnostics.list.count == before
    }

    // MARK: Variables

    private func checkPassed(_ program: [String: JSON], _ written: YAMLValue?, _ stage: Place) {
        let names = (program["pass"]?.elements ?? []).compactMap { $0.text }
        if names.isEmpty { return }
        let own = Set((program["env"]?.members ?? [:]).keys.map { ExactText($0) })
        let places = (written?.elements ?? []).map { $0.place }
        for (number, name) in names.enumerated() {
            let place = number < places.count ? places[number] : written?.place ?? stage
            if let (message, advice) = ProgramParameters.refusal(ofVariable: name) {
                diagnostics.add(message, place, [advice])
            } else if name.utf8.count > ProgramParameters.longestPassed {
                diagnostics.add(
                    "the name of a variable has \(name.utf8.count) bytes", place,
                    ["expected: at most \(ProgramParameters.longestPassed), for it is recorded"])
            } else if own.contains(ExactText(name)) {
                diagnostics.add(
                    "variable `\(name)` stands in `env` and in `pass`", place,
                    [
                        "expected: one of them: in `env` its value is part of the key, in `pass` it is "
                            + "yours and no part of it"
                    ])
            }
        }
    }

    // MARK: Words

    /// Warns where words have `$n` and the stage an axis `n`: the program would get these two letters, or a
    /// shell nothing.
    private func warnOfDollars(_ program: [String: JSON], _ stage: ExperimentSyntax.Stage) {
        guard let words = program["run"].flatMap({ ProgramWords(json: $0) }) else { return }
        let texts = words.pieces.compactMap { piece -> String? in
            if case .text(let text) = piece { text } else { nil }
        }
        let text = texts.joined(separator: " ")
        guard text.contains("$") else { return }
        let own = Set((program["env"]?.members ?? [:]).keys)
        for axis in stage.over where !own.contains(axis) && ProgramCheck.mentions(text, axis) {
            diagnostics.warn(
                "`$\(axis)` is passed on as it is: no variable of the program is called `\(axis)`",
                stage.written("run")?.place ?? stage.name.place,
                ["write `${\(axis)}` for the value of the axis"])
        }
    }

    /// Whether a text has a variable of a shell, and does not set it itself.
    private static func mentions(_ text: String, _ name: String) -> Bool {
        let isSet = ["\(name)=", "for \(name) ", "read \(name)", "read -r \(name)"].contains {
            text.contains($0)
        }
        if isSet { return false }
        return text.ranges(of: "$\(name)").contains { range in
            let isWhole =
                range.upperBound == text.endIndex
                || !(text[range.upperBound].isLetter || text[range.upperBound].isNumber
                    || text[range.upperBound] == "_")
            let isDoubled =
                range.lowerBound > text.startIndex
                && text[text.index(before: range.lowerBound)] == "$"
            return isWhole && !isDoubled
        }
    }

    // MARK: Outputs

    /// Refuses outputs in the folder of checkpoints, which is gone when the action is done.
    private func checkOutputs(_ program: [String: JSON], _ stage: ExperimentSyntax.Stage) {
        guard let checkpoints = stage.rules.checkpoints,
            let outputs = try? ProgramOutputs(json: program["outputs"] ?? .null)
        else { return }
        let written = stage.written("outputs")
        for output in outputs.list where output.meets(checkpoints) {
            let member = written?.members?.first {
                ExactText($0.key.name) == ExactText(output.name)
            }
            diagnostics.add(
                "output `\(output.name)` is \(visible(output.path)), where `checkpoints` is",
                member?.value.place ?? written?.place ?? stage.name.place,
                ["expected: a place of its own; checkpoints are removed when the action is done"])
        }
    }

    // MARK: Tools

    private mutating func checkTools(_ tools: JSON, _ written: YAMLValue?, _ stage: Place) {
        if tools == .null { return }
        let expected = "expected: tools by name, such as tools: {venv: .venv, lock: uv.lock}"
        guard let members = tools.members else {
            return diagnostics.add(
                "`tools` is \(written?.found ?? visible(tools.canonicalText))",
                written?.place ?? stage, [expected])
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let member = written?.members?.first { ExactText($0.key.name) == ExactText(name) }
            let place = member?.value.place ?? written?.place ?? stage
            guard isSafeName(name) else {
                diagnostics.add(
                    "no tool can be called `\(visible(name))`", member?.key.place ?? place,
                    ["expected: a name of letters, digits, `.`, `_`, `-`"])
                continue
            }
            guard let path = value.text, let tool = ToolPlace(path) else {
                diagnostics.add(
                    "tool `\(name)` is \(member?.value.found ?? visible(value.canonicalText))",
                    place,
                    ["expected: \(ToolPlace.expected)"])
                continue
            }
            if known.insert(ExactText(path)).inserted { check(tool, path, place) }
        }
    }

    /// Looks whether something stands where a tool is said to be; what is in a home is looked for when the
    /// key is made, for only then it is known whose home it is.
    private func check(_ tool: ToolPlace, _ written: String, _ place: Place) {
        guard files.isOnDisk else { return }
        let path: String
        switch tool {
        case .project(let name): path = "\(project)/\(name)"
        case .root(let name): path = name
        case .home: return
        }
        // Nothing outside is looked at before its place is approved: not even whether it is there.
        let real = ProjectFolder.real(path)
        if !ProjectReach.contains(ProjectFolder.real(project), real), !isApproved(real) {
            return diagnostics.add(
                "tools: \(visible(written)): expected a tool of the project, found one in "
                    + "\(printable(real)), which you did not approve", place,
                [
                    "fix: look at it, then bitlaw trust '\(printable(project))' --read "
                        + "'\(printable(real))'"
                ])
        }
        guard let problem = files.problemOfTool(at: path) else { return }
        diagnostics.add(
            "tools: \(visible(written)): expected a tool at \(visible(path)), found \(problem)",
            place,
            ["install it there, or name the place where it is"])
    }

    /// Whether a place, or a folder that it is in, is approved.
    private func isApproved(_ place: String) -> Bool {
        var folder = place
        while folder != "/" && folder != "." && !folder.isEmpty {
            if files.isApproved(folder) { return true }
            folder = ProjectFolder.folder(of: folder)
        }
        return false
    }
}
