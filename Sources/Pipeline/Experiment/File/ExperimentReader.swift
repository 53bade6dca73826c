import Canon

/// Turns the tree of an experiment file into ``ExperimentSyntax``.
struct ExperimentReader {
    let registry: KindRegistry
    let kindFiles: KindFiles
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
        if let value = members["description"], value.text == nil {
            diagnostics.add(
                "`description` is \(value.found)", value.place, ["expected: a text"])
        }
        readConstants(members["constants"], into: &syntax)
        readSeed(members["seed"], root.place, into: &syntax)
        readAxes(members["axes"], into: &syntax)
        // An axis with a mistake is known all the same: naming it is no mistake of its own.
        let axes = (members["axes"]?.members ?? []).map { $0.key.name }
        readStages(members["stages"], root.place, axes: axes, into: &syntax)
        return syntax
    }

    private func readSeed(
        _ value: YAMLValue?, _ root: Place, into syntax: inout ExperimentSyntax
    ) {
        guard let value else {
            return diagnostics.add(
                "`seed` is missing", root,
                ["expected: a whole number; every random number derives from it"])
        }
        let fields = FieldReader(diagnostics, syntax.constants)
        if let seed = fields.whole(value, "`seed`", in: 0...9_007_199_254_740_992) {
            syntax.seed = UInt64(seed)
        }
    }

    private func readConstants(_ constants: YAMLValue?, into syntax: inout ExperimentSyntax) {
        var reader = ValueReader(diagnostics: diagnostics)
        for (key, value) in pairs(constants, "`constants`") {
            guard checkName(key, isInExpressions: true) else { continue }
            let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
            // After a mistake the name is known all the same: it brings no mistakes of its own.
            syntax.constants[key.name] =
                choices.resolve(value).flatMap {
                    reader.anyValue($0, syntax.constants, "constant `\(key.name)`")
                } ?? Value(.null)
        }
    }

    private func readAxes(_ axes: YAMLValue?, into syntax: inout ExperimentSyntax) {
        let choices = ChoiceReader(diagnostics: diagnostics, constants: syntax.constants)
        let reader = AxisReader(diagnostics: diagnostics, constants: syntax.constants)
        for (key, written) in pairs(axes, "`axes`") where checkName(key, isInExpressions: true) {
            if syntax.constants[key.name] != nil {
                diagnostics.add(
                    "`\(key.name)` is a constant and an axis", key.place, ["rename one of them"])
            }
            guard let value = choices.resolve(written) else { continue }
            if let axis = reader.read(key, value) { syntax.axes.append(axis) }
        }
    }

    private func readStages(
        _ value: YAMLValue?, _ root: Place, axes: [String], into syntax: inout ExperimentSyntax
    ) {
        let stages = pairs(value, "`stages`")
        if stages.isEmpty {
            diagnostics.add(
                "no stages", value?.place ?? root,
                ["expected: `stages:` with at least one stage"])
        }
        diagnostics.axes = Set(axes)
        let reader = StageReader(
            registry: registry, kindFiles: kindFiles, diagnostics: diagnostics, axes: axes,
            constants: syntax.constants)
        for (key, value) in stages where checkName(key, isInExpressions: false) {
            if let stage = reader.read(key, value) {
                syntax.stages.append(stage)
            } else {
                syntax.brokenStages.insert(key.name)
            }
        }
    }

    /// Whether a name can be used; those of constants and axes stand in expressions, where `-` subtracts.
    private func checkName(_ key: YAMLKey, isInExpressions: Bool) -> Bool {
        NameRule(isInExpressions: isInExpressions).allows(key, diagnostics)
    }

    private func pairs(_ value: YAMLValue?, _ what: String) -> [(key: YAMLKey, value: YAMLValue)] {
        guard let value, value.json != .null else { return [] }
        if let members = value.members { return members }
        diagnostics.add("\(what) is \(value.found)", value.place, ["expected: a mapping"])
        return []
    }
}
