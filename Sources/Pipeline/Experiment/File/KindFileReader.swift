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
    private static let members = ["version", "summary", "source", "parameters", "inputs"]

    let name: String
    let diagnostics: Diagnostics
    private let fields: FieldReader

    init(name: String, diagnostics: Diagnostics) {
        self.name = name
        self.diagnostics = diagnostics
        fields = FieldReader(diagnostics, Names())
    }

    /// The kind; mistakes are told.
    func read(_ root: YAMLValue) -> KindFile? {
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
        let version = members["version"].flatMap {
            fields.whole($0, "`version`", in: 1...1_000_000)
        }
        let summary = members["summary"].flatMap { fields.text($0, "`summary`", "a sentence") }
        let source = members["source"].flatMap { fields.text($0, "`source`", "a sentence") }
        let reader = OpenKindReader(diagnostics: diagnostics, fields: fields)
        let kind = Kind(
            name: name, version: version ?? 1, summary: summary ?? "",
            source: source ?? "the project's own; bits are as reproducible as its program is",
            parameters: parameters(members["parameters"]),
            inputs: inputs(members["inputs"]) + [ProgramParameters.files],
            outputs: reader.outputs(members["outputs"]).ports, isRandom: true,
            asksForSeed: ProgramParameters.usesSeed, runsForeignProgram: true)
        let said = ProgramParameters.list.compactMap { parameter in
            members[parameter.name].map { (parameter, $0) }
        }
        return KindFile(kind: kind, program: said)
    }

    private func parameters(_ value: YAMLValue?) -> [Parameter] {
        named(value, "parameters").compactMap { key, value -> Parameter? in
            guard key.name != ProgramParameters.member else {
                diagnostics.add(
                    "no parameter can be called `\(key.name)`", key.place,
                    ["expected: another name"])
                return nil
            }
            let keys = [
                "type", "from", "to", "of", "count", "default", "unit", "summary", "optional",
            ]
            let what = "parameter `\(key.name)`"
            guard let members = checkedMapping(value, what, keys, diagnostics),
                let type = type(members, what, value.place)
            else { return nil }
            let unit = members["unit"].flatMap { fields.text($0, "`unit`", "a unit") } ?? ""
            let summary = members["summary"].flatMap { fields.text($0, "`summary`", "a text") }
            var standard: JSON?
            if let written = members["default"], let value = fields.value(written) {
                do throws(Misfit) { standard = try type.fitted(value) } catch {
                    diagnostics.add(
                        "`default` is \(error.found)", written.place,
                        ["expected: \(type.text)"] + error.advice)
                }
            }
            return Parameter(
                key.name, type, default: standard, unit: unit, summary ?? "No description.")
        }
    }

    private func type(_ members: [String: YAMLValue], _ what: String, _ place: Place)
        -> ParameterType?
    {
        let names = ["boolean", "choice", "integer", "list", "number", "text"]
        guard let written = members["type"], let name = written.text, names.contains(name) else {
            diagnostics.add(
                "\(what) has no type", members["type"]?.place ?? place,
                notes(forUnknown: members["type"]?.text ?? "", allowed: names))
            return nil
        }
        let type: ParameterType
        switch name {
        case "boolean": type = .boolean
        case "text": type = .text
        case "integer":
            let bounds = (bound(members["from"], "`from`"), bound(members["to"], "`to`"))
            let most = 9_007_199_254_740_992.0
            let (low, high) = (bounds.0 ?? -most, bounds.1 ?? most)
            guard low <= high, low >= -most, high <= most else { return refuse(members, place) }
            type = .integer(Int(low.rounded(.up))...Int(high.rounded(.down)))
        case "number":
            let (low, high) = (
                bound(members["from"], "`from`") ?? -.infinity,
                bound(members["to"], "`to`") ?? .infinity
            )
            guard low <= high else { return refuse(members, place) }
            type = .number(from: low, to: high)
        case "choice":
            let choices = (members["of"]?.elements ?? []).compactMap { $0.text }
            guard !choices.isEmpty else {
                diagnostics.add(
                    "\(what) has nothing to choose from", members["of"]?.place ?? place,
                    ["expected: of: [names]"])
                return nil
            }
            type = .choice(choices)
        default:
            guard let element = members["of"],
                let inner = checkedMapping(
                    element, "`of`", ["type", "from", "to", "of", "count"], diagnostics),
                let each = self.type(inner, "an element of \(what)", element.place)
            else {
                if members["of"] == nil {
                    diagnostics.add(
                        "\(what) is a list of what?", place,
                        ["expected: of: {type: number}, and what else an element has"])
                }
                return nil
            }
            type = .list(each, count: 0...100_000)
        }
        let isOptional = members["optional"].flatMap { fields.truth($0, "`optional`") } ?? false
        return isOptional ? .optional(type) : type
    }

    private func refuse(_ members: [String: YAMLValue], _ place: Place) -> ParameterType? {
        diagnostics.add(
            "a range without a value", members["from"]?.place ?? place,
            ["expected: `from` at most `to`"])
        return nil
    }

    private func bound(_ written: YAMLValue?, _ what: String) -> Double? {
        guard let written, let value = fields.value(written) else { return nil }
        if let number = value.json.double { return number }
        fields.refuse(written, value, what, "a number")
        return nil
    }

    private func inputs(_ value: YAMLValue?) -> [InputPort] {
        named(value, "inputs").compactMap { key, value -> InputPort? in
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

    private func named(_ value: YAMLValue?, _ what: String) -> [(key: YAMLKey, value: YAMLValue)] {
        guard let value, value.json != .null else { return [] }
        guard let members = value.members else {
            diagnostics.add("`\(what)` is \(value.found)", value.place, ["expected: a mapping"])
            return []
        }
        return members
    }
}
