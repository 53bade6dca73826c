import Canon

/// Turns the tree of an experiment file into ``ExperimentSyntax``.
struct ExperimentReader {
    let registry: KindRegistry
    let diagnostics: Diagnostics

    /// Reads the whole file; mistakes go to the diagnostics.
    func read(_ root: YAMLValue) -> ExperimentSyntax {
        var syntax = ExperimentSyntax()
        guard
            let members = checkedMapping(
                root, "an experiment file",
                ["experiment", "description", "seed", "constants", "axes", "stages"], diagnostics)
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
        readConstants(members["constants"], into: &syntax)
        readAxes(members["axes"], into: &syntax)
        readStages(members["stages"], root.place, into: &syntax)
        return syntax
    }

    private func readConstants(_ constants: YAMLValue?, into syntax: inout ExperimentSyntax) {
        for (key, value) in pairs(constants, "`constants`") {
            guard checkName(key) else { continue }
            let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
            syntax.constants[key.name] = choices.resolve(value)?.json ?? .null
        }
    }

    private func readAxes(_ axes: YAMLValue?, into syntax: inout ExperimentSyntax) {
        let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
        for (key, written) in pairs(axes, "`axes`") where checkName(key) {
            if syntax.constants[key.name] != nil {
                diagnostics.add(
                    "`\(key.name)` is a constant and an axis", key.place, ["rename one of them"])
            }
            guard let value = choices.resolve(written) else { continue }
            if let axis = AxisReader(diagnostics: diagnostics).read(key, value) {
                syntax.axes.append(axis)
            }
        }
    }

    private func readStages(
        _ value: YAMLValue?, _ root: Place, into syntax: inout ExperimentSyntax
    ) {
        let stages = pairs(value, "`stages`")
        if stages.isEmpty {
            diagnostics.add(
                "no stages", value?.place ?? root,
                ["expected: `stages:` with at least one stage"])
        }
        diagnostics.axes = Set(syntax.axes.map { $0.name.name })
        let reader = StageReader(
            registry: registry, diagnostics: diagnostics, axes: syntax.axes.map { $0.name.name })
        for (key, value) in stages where checkName(key) {
            if let stage = reader.read(key, value) {
                syntax.stages.append(stage)
            } else {
                syntax.brokenStages.insert(key.name)
            }
        }
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
}
