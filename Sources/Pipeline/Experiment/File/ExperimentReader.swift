import Canon

/// Collects mistakes while a file is read, so that a person sees all of them at once.
package final class Diagnostics {
    let source: SourceText
    private(set) var list: [Diagnostic] = []

    package init(source: SourceText) { self.source = source }

    package func add(_ message: String, _ place: Place, _ notes: [String] = []) {
        list.append(Diagnostic(message, at: place, in: source, notes: notes))
    }

    func add(_ error: ExpressionError, in value: YAMLValue) {
        var place = value.place
        if case .scalar(_, let text, let isQuoted) = value.content, !text.contains("\n") {
            place.column += error.offset + (isQuoted ? 1 : 0)
            place.length = 1
        }
        add(error.message, place, error.notes)
    }

    package func throwIfAny() throws {
        if !list.isEmpty { throw ExperimentError(list) }
    }
}

/// An experiment file as it was written, checked for its form but not yet resolved.
struct ExperimentSyntax {
    struct Axis {
        let name: YAMLKey
        let values: [JSON]
        /// Whether it varies the seed: replicates do, everything else shares its random numbers.
        let isReplicate: Bool
    }

    enum Input {
        case stage(String, output: String?, Place)
        case file(String, Place)
        case fixed(url: String, sha256: String, Place)
    }

    struct Stage {
        let name: YAMLKey
        let kind: Kind
        let over: [String]
        let inputs: [(port: InputPort, place: Place, inputs: [Input])]
        let parameters: [(parameter: Parameter, value: YAMLValue)]
        let condition: (expression: Expression, value: YAMLValue)?
        let stream: String
        let limits: Limits
        let retry: Retry
    }

    var name = ""
    var seed: UInt64 = 0
    var constants: [String: JSON] = [:]
    var axes: [Axis] = []
    var stages: [Stage] = []
    /// Stages with a mistake that has been told: naming them is no mistake of its own.
    var brokenStages: Set<String> = []
}

/// Turns the tree of an experiment file into ``ExperimentSyntax``.
struct ExperimentReader {
    let registry: KindRegistry
    let diagnostics: Diagnostics

    /// Reads the whole file; mistakes go to the diagnostics.
    func read(_ root: YAMLValue) -> ExperimentSyntax {
        var syntax = ExperimentSyntax()
        guard
            let members = mapping(
                root, "an experiment file",
                ["experiment", "description", "seed", "constants", "axes", "stages"])
        else { return syntax }
        if let value = members["experiment"], let name = value.text, isSafeName(name) {
            syntax.name = name
        } else {
            diagnostics.add(
                members["experiment"].map { "`experiment` is \($0.found)" }
                    ?? "`experiment` is missing",
                members["experiment"]?.place ?? root.place,
                ["expected: a name of letters, digits, `.`, `_`, `-`"])
        }
        if let value = members["seed"] {
            if let seed = value.json.integer, seed >= 0 {
                syntax.seed = UInt64(seed)
            } else {
                diagnostics.add(
                    "`seed` is \(value.found)", value.place,
                    ["expected: a whole number from 0 to 9007199254740992"])
            }
        } else {
            diagnostics.add(
                "`seed` is missing", root.place,
                ["expected: a whole number; every random number derives from it"])
        }
        for (key, value) in pairs(members["constants"], "`constants`") {
            guard checkName(key) else { continue }
            let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
            syntax.constants[key.name] = choices.resolve(value)?.json ?? .null
        }
        let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
        for (key, written) in pairs(members["axes"], "`axes`") where checkName(key) {
            if syntax.constants[key.name] != nil {
                diagnostics.add(
                    "`\(key.name)` is a constant and an axis", key.place, ["rename one of them"])
            }
            guard let value = choices.resolve(written) else { continue }
            if let axis = AxisReader(diagnostics: diagnostics).read(key, value) {
                syntax.axes.append(axis)
            }
        }
        let stages = pairs(members["stages"], "`stages`")
        if stages.isEmpty {
            diagnostics.add(
                "no stages", members["stages"]?.place ?? root.place,
                ["expected: `stages:` with at least one stage"])
        }
        let reader = StageReader(
            registry: registry, diagnostics: diagnostics, axes: syntax.axes.map { $0.name.name })
        for (key, value) in stages where checkName(key) {
            if let stage = reader.read(key, value) {
                syntax.stages.append(stage)
            } else {
                syntax.brokenStages.insert(key.name)
            }
        }
        return syntax
    }

    private func checkName(_ key: YAMLKey) -> Bool {
        guard let first = key.name.utf8.first, first >= 0x41 || first == UInt8(ascii: "_"),
            isSafeName(key.name), !key.name.contains("."),
            !["and", "or", "not", "true", "false"].contains(key.name)
        else {
            diagnostics.add(
                "the name `\(key.name)` is not allowed", key.place,
                ["expected: a letter, then letters, digits, `_`, `-`"])
            return false
        }
        return true
    }

    private func pairs(_ value: YAMLValue?, _ what: String) -> [(key: YAMLKey, value: YAMLValue)] {
        guard let value, value.json != .null else { return [] }
        if let members = value.members { return members }
        diagnostics.add("\(what) is \(value.found)", value.place, ["expected: a mapping"])
        return []
    }

    private func mapping(_ value: YAMLValue, _ what: String, _ allowed: [String])
        -> [String: YAMLValue]?
    {
        checkedMapping(value, what, allowed, diagnostics)
    }
}

/// The members of a mapping with a fixed set of keys; unknown keys and other values are mistakes.
package func checkedMapping(
    _ value: YAMLValue, _ what: String, _ allowed: [String], _ diagnostics: Diagnostics
) -> [String: YAMLValue]? {
    guard let members = value.members else {
        diagnostics.add(
            "\(what) is \(value.found)", value.place,
            ["expected: a mapping of \(allowed.joined(separator: ", "))"])
        return nil
    }
    var result: [String: YAMLValue] = [:]
    for (key, member) in members {
        if allowed.contains(key.name) {
            result[key.name] = member
        } else {
            diagnostics.add(
                "unknown key `\(key.name)`", key.place,
                notes(forUnknown: key.name, allowed: allowed))
        }
    }
    return result
}
