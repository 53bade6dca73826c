import Canon

/// Reads what a stage says of its bits: `deterministic`, `compare`, `check`.
struct BitRulesReader {
    let fields: FieldReader
    let kind: Kind
    private var diagnostics: Diagnostics { fields.diagnostics }

    /// What the stage promises; mistakes are told.
    func promise(_ members: [String: YAMLValue]) -> BitPromise {
        var promise = BitPromise()
        if let value = members["deterministic"] {
            promise.isDeterministic = isDeterministic(value)
        }
        if let value = members["compare"] { promise.tolerances = tolerances(value) }
        return promise
    }

    private func isDeterministic(_ value: YAMLValue) -> Bool {
        guard let truth = fields.truth(value, "`deterministic`") else { return true }
        guard truth || kind.runsForeignProgram else {
            diagnostics.add(
                "`deterministic: false` in a stage of kind `\(kind.name)`", value.place,
                [
                    "expected: a stage that starts a program; \(kind.name) gives the same bits each time, "
                        + "or is no part of an audit"
                ])
            return true
        }
        return truth
    }

    private func tolerances(_ value: YAMLValue) -> [String: Tolerance] {
        let outputs = kind.outputs.map { $0.name }
        guard let members = value.members, !members.isEmpty else {
            diagnostics.add(
                "`compare` is \(value.members == nil ? value.found : "empty")", value.place,
                ["expected: {OUTPUT: {rtol: 1e-6}}; outputs: \(outputs.joined(separator: ", "))"])
            return [:]
        }
        var tolerances: [String: Tolerance] = [:]
        for (name, member) in members {
            guard outputs.contains(where: { ExactText($0) == ExactText(name.name) }) else {
                diagnostics.add(
                    "unknown output `\(name.name)` of kind `\(kind.name)`", name.place,
                    notes(forUnknown: name.name, allowed: outputs))
                continue
            }
            tolerances[name.name] = tolerance(member, of: name.name)
        }
        return tolerances
    }

    private func tolerance(_ value: YAMLValue, of output: String) -> Tolerance? {
        guard
            let members = checkedMapping(
                value, "`compare` of `\(output)`", ["rtol", "atol"], diagnostics)
        else { return nil }
        let bounds = ["rtol", "atol"].map { name in members[name].map { bound($0, "`\(name)`") } }
        if value.members?.isEmpty == true {
            diagnostics.add(
                "`compare` of `\(output)` says neither `rtol` nor `atol`", value.place,
                ["expected: {rtol: 1e-6}, {atol: 1e-9} or both; one of them suffices for a number"])
            return nil
        }
        // A bound with a mistake has been told of.
        if bounds.contains(where: { $0 == .some(nil) }) { return nil }
        return Tolerance(
            relative: (bounds[0] ?? nil) ?? 0, absolute: (bounds[1] ?? nil) ?? 0)
    }

    private func bound(_ written: YAMLValue, _ what: String) -> Double? {
        guard let value = fields.value(written) else { return nil }
        guard let bound = value.json.double, bound >= 0, value.firstUnfit == nil else {
            fields.refuse(written, value, what, "a number of 0 or more, such as 1e-6")
            return nil
        }
        return bound
    }

    /// How new results are checked: one word, or a list of words.
    func checks(_ members: [String: YAMLValue]) -> Set<ResultCheck> {
        guard let value = members["check"] else { return [] }
        var checks: Set<ResultCheck> = []
        for element in value.elements ?? [value] {
            guard let word = element.text, let check = ResultCheck(rawValue: word) else {
                let names = ResultCheck.allCases.map { $0.rawValue }
                diagnostics.add(
                    "`check` is \(element.found)", element.place,
                    ["expected: \(names.joined(separator: " or ")), or a list of them"])
                continue
            }
            guard check != .resume || members["checkpoints"] != nil else {
                diagnostics.add(
                    "`check: resume` in a stage without `checkpoints`", element.place,
                    [
                        "expected: checkpoints: FOLDER/ in the stage: the program goes on from what it "
                            + "keeps there"
                    ])
                continue
            }
            checks.insert(check)
        }
        guard kind.runsForeignProgram || checks.isEmpty else {
            diagnostics.add(
                "`check` in a stage of kind `\(kind.name)`", value.place,
                ["expected: a stage that starts a program; bitlaw audit checks the others"])
            return []
        }
        return checks
    }
}
