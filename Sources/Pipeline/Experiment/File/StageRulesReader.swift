import Canon

/// Reads what a stage says of how its actions are executed.
struct StageRulesReader {
    /// The members of a stage that are read here.
    static let keys = [
        "limits", "retry", "grace", "checkpoints", "deterministic", "compare", "check",
    ]

    let fields: FieldReader
    private var diagnostics: Diagnostics { fields.diagnostics }

    init(fields: FieldReader) { self.fields = fields }

    /// The rules among the members of a stage of a kind; mistakes are told.
    func rules(_ members: [String: YAMLValue], of kind: Kind) -> StageRules {
        var rules = StageRules()
        rules.limits = limits(members["limits"])
        if let retry = members["retry"] {
            rules.retry = RetryReader(fields: fields).retry(retry, rules.limits)
        }
        if let grace = ofProgram("grace", members, kind) {
            rules.grace =
                fields.quantity(grace, "`grace`", .time(from: 0)) ?? StageRules.usualGrace
        }
        if let folder = ofProgram("checkpoints", members, kind) {
            rules.checkpoints = checkpoints(folder)
        }
        let bits = BitRulesReader(fields: fields, kind: kind)
        rules.promise = bits.promise(members)
        rules.checks = bits.checks(members)
        return rules
    }

    /// A member that only stages with a program have.
    private func ofProgram(_ name: String, _ members: [String: YAMLValue], _ kind: Kind)
        -> YAMLValue?
    {
        guard let value = members[name] else { return nil }
        if kind.runsForeignProgram { return value }
        diagnostics.add(
            "`\(name)` stands in a stage of kind `\(kind.name)`, which starts no program",
            value.place, ["expected: `\(name)` in a stage of kind `command` alone"])
        return nil
    }

    private func limits(_ value: YAMLValue?) -> Limits {
        var limits = Limits()
        guard let value,
            let members = checkedMapping(
                value, "`limits`", ["time", "memory", "cpus", "gpus", "log"], diagnostics)
        else { return limits }
        if let time = members["time"] {
            limits.seconds = fields.quantity(time, "`time`", .time(from: 0.001))
        }
        if let memory = members["memory"] {
            limits.memory = fields.quantity(memory, "`memory`", .bytes(from: 1)).map { Int($0) }
        }
        if let cpus = members["cpus"] {
            limits.cpus = fields.whole(cpus, "`cpus`", in: 1...4096) ?? 1
        }
        if let gpus = members["gpus"] {
            limits.gpus = fields.whole(gpus, "`gpus`", in: 0...64) ?? 0
        }
        if let log = members["log"] {
            limits.log = fields.quantity(log, "`log`", .bytes(from: 4096)).map { Int($0) }
        }
        return limits
    }

    private func checkpoints(_ written: YAMLValue) -> String? {
        let expected = "a folder of the work folder, such as ckpt/"
        guard let text = fields.text(written, "`checkpoints`", expected) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        // One slash at the end says that it is a folder.
        let names = parts.last == "" ? parts.dropLast() : parts[...]
        guard !names.isEmpty, names.allSatisfy({ isSafeName(String($0)) }) else {
            diagnostics.add(
                "`checkpoints` is \(written.found)", written.place,
                [
                    "expected: \(expected): names of letters, digits, `.`, `_`, `-`, which do not begin "
                        + "with `.`"
                ])
            return nil
        }
        guard names[names.startIndex] != ProgramOutputs.inputs else {
            diagnostics.add(
                "`checkpoints` is \(written.found), where the inputs are", written.place,
                ["expected: \(expected)"])
            return nil
        }
        return names.joined(separator: "/")
    }
}
