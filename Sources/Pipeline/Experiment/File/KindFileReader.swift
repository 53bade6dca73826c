import Canon

/// Reads the description of a kind: what it takes, what it gives, and the program between them.
///
/// ```yaml
/// version: 1
/// summary: Fits a ridge regression.
/// parameters:
///   lambda: {type: number, from: 0, default: 0.1, summary: The weight of the penalty.}
/// inputs:
///   data: {summary: A table of points.}
/// outputs: {metrics: metrics.json}
/// run: [python3, ridge.py, "${inputs.data}", "${lambda}", "${outputs.metrics}"]
/// files: [ridge.py]
/// ```
struct KindFileReader {
    private static let members = [
        "version", "summary", "source", "parameters", "inputs", KindFile.exampleMember,
    ]

    let name: String
    let diagnostics: Diagnostics
    private let fields: FieldReader

    init(name: String, diagnostics: Diagnostics) {
        self.name = name
        self.diagnostics = diagnostics
        fields = FieldReader(diagnostics, Names())
    }

    /// The kind; `nil` after a mistake, which is told.
    func read(_ root: YAMLValue) -> KindFile? {
        let before = diagnostics.list.count
        // Of the axes of the experiment the file knows nothing, and hints do not name them.
        let axes = diagnostics.axes
        diagnostics.axes = []
        defer { diagnostics.axes = axes }
        let program = ProgramParameters.list.map { $0.name }
        guard
            let members = checkedMapping(
                root, "the file of a kind", KindFileReader.members + program, diagnostics)
        else { return nil }
        for needed in ["version", "summary", "run"] where members[needed] == nil {
            diagnostics.add(
                "kind `\(name)` has no `\(needed)`", root.place,
                ["expected: version, summary and run, and what else it has"])
        }
        let kind = kind(members)
        let said = ProgramParameters.list.compactMap { parameter in
            members[parameter.name].map { (parameter, $0) }
        }
        var check = KindProgramCheck(
            diagnostics: diagnostics, parameters: names(members["parameters"]),
            inputs: names(members["inputs"]), outputs: names(members["outputs"]))
        check.check(said.filter { $0.0.name != "outputs" })
        return diagnostics.list.count > before ? nil : KindFile(kind: kind, program: said)
    }

    private func kind(_ members: [String: YAMLValue]) -> Kind {
        let version = members["version"].flatMap {
            fields.whole($0, "`version`", in: 1...1_000_000)
        }
        let summary = members["summary"].flatMap { fields.text($0, "`summary`", "a sentence") }
        let source = members["source"].flatMap { fields.text($0, "`source`", "a sentence") }
        return Kind(
            name: name, version: version ?? 1, summary: summary ?? "",
            source: source ?? "the project's own; bits are as reproducible as its program is",
            parameters: KindParameterReader(diagnostics: diagnostics, fields: fields)
                .parameters(named(members["parameters"], "parameters")),
            inputs: inputs(named(members["inputs"], "inputs")) + [ProgramParameters.files],
            outputs: OpenKindReader(diagnostics: diagnostics, fields: fields)
                .outputs(members["outputs"]).ports,
            isRandom: true, asksForSeed: ProgramParameters.usesSeed, runsForeignProgram: true)
    }

    private func inputs(_ written: [(key: YAMLKey, value: YAMLValue)]) -> [InputPort] {
        written.compactMap { key, value -> InputPort? in
            guard InputPort.isName(key.name) else {
                diagnostics.add(
                    "no input can be called `\(visible(key.name))`", key.place,
                    ["expected: letters, digits, `_`, `-`, and not `files`"])
                return nil
            }
            guard
                let members = checkedMapping(
                    value, "input `\(key.name)`", ["summary", "optional", "many"], diagnostics)
            else { return nil }
            let isMany = members["many"].flatMap { fields.truth($0, "`many`") } ?? false
            return InputPort(
                key.name,
                members["summary"].flatMap { fields.text($0, "`summary`", "a text") } ?? "a file",
                isOptional: members["optional"].flatMap { fields.truth($0, "`optional`") } ?? false,
                isCollection: isMany, takesSeveralStages: isMany)
        }
    }

    /// The names of a mapping, those with a mistake in what they stand for among them: naming them is no
    /// mistake of its own.
    private func names(_ value: YAMLValue?) -> [String] {
        (value?.members ?? []).map { $0.key.name }
    }

    private func named(_ value: YAMLValue?, _ what: String) -> [(key: YAMLKey, value: YAMLValue)] {
        guard let value, value.json != .null else { return [] }
        guard let members = value.members else {
            diagnostics.add("`\(what)` is \(value.found)", value.place, ["expected: a mapping"])
            return []
        }
        return members
    }
}
