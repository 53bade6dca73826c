import Canon

/// Reads the values of an axis: a list, a range, a count.
struct AxisReader {
    /// The most values that one axis may have.
    static let largest = 1_000_000

    /// A way to write an axis: the members that make it, and those that may stand beside them.
    private struct Form {
        let text: String
        let needed: [String]
        let others: [String]

        var names: [String] { needed + others }
    }

    private static let forms = [
        Form(text: "{count}", needed: ["count"], others: ["replicate"]),
        Form(text: "{values}", needed: ["values"], others: ["replicate"]),
        Form(text: "{from, to, step}", needed: ["from", "to", "step"], others: ["replicate"]),
        Form(
            text: "{from, to, points}", needed: ["from", "to", "points"],
            others: ["scale", "round", "replicate"]),
    ]

    let diagnostics: Diagnostics
    let constants: Names
    private let fields: FieldReader

    init(diagnostics: Diagnostics, constants: Names) {
        self.diagnostics = diagnostics
        self.constants = constants
        fields = FieldReader(diagnostics, constants)
    }

    /// The axis; `nil` after a mistake, which is told.
    func read(_ key: YAMLKey, _ value: YAMLValue) -> ExperimentSyntax.Axis? {
        if value.members == nil { return list(key, value, isReplicate: false) }
        if foreign(key, value) { return nil }
        let names = AxisReader.forms.flatMap { $0.names }
        guard
            let members = checkedMapping(
                value, "axis `\(key.name)`",
                names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map { $1 }, diagnostics
            ),
            let form = form(value, members)
        else { return nil }
        var isReplicate = form.needed == ["count"]
        if let marked = members["replicate"] {
            guard let truth = fields.truth(marked, "`replicate`") else { return nil }
            isReplicate = truth
        }
        if let count = members["count"] {
            guard let number = fields.whole(count, "`count`", in: 1...AxisReader.largest) else {
                return nil
            }
            let values = (0..<number).map { Value(.number(Double($0))) }
            return ExperimentSyntax.Axis(name: key, values: values, isReplicate: isReplicate)
        }
        if let values = members["values"] { return list(key, values, isReplicate: isReplicate) }
        guard let range = RangeReader(fields: fields).read(value, members) else { return nil }
        return ExperimentSyntax.Axis(
            name: key, values: range.map { Value(.number($0)) }, isReplicate: isReplicate)
    }

    /// What ranges of other tools call their members.
    private static let others = [
        "start": "from", "begin": "from", "min": "from", "low": "from", "stop": "to", "end": "to",
        "max": "to", "high": "to", "num": "points", "n": "points", "size": "points", "by": "step",
    ]

    /// Tells a range whose members have the names of other tools, as one mistake; whether it is one.
    private func foreign(_ key: YAMLKey, _ value: YAMLValue) -> Bool {
        let known = Set(AxisReader.forms.flatMap { $0.names })
        let names = (value.members ?? []).map { $0.key }.filter { !known.contains($0.name) }
        let words = names.compactMap { name in
            AxisReader.others[name.name].map { "`\($0)` for `\(name.name)`" }
        }
        guard let first = names.first, words.count == names.count else { return false }
        diagnostics.add(
            "axis `\(key.name)` has no member `\(first.name)`", first.place,
            ["write \(words.joined(separator: ", "))", "expected: a list, \(AxisReader.choices)"])
        return true
    }

    private static var choices: String { forms.map { $0.text }.joined(separator: ", ") }

    /// The form that the members make; every member that does not belong to it is a mistake.
    private func form(_ value: YAMLValue, _ members: [String: YAMLValue]) -> Form? {
        let choices = AxisReader.choices
        // `points` and `step` say what a range is; the first that is there decides for a message.
        let sign = ["count", "values", "step", "points"].first { members[$0] != nil }
        guard let sign, let form = AxisReader.forms.first(where: { $0.needed.contains(sign) })
        else {
            let missing = members["from"] != nil || members["to"] != nil
            diagnostics.add(
                missing ? "a range without `points` or `step`" : "an axis without values",
                value.place, ["expected: a list, \(choices)"])
            return nil
        }
        var isGood = true
        for (key, _) in value.members ?? [] where members[key.name] != nil {
            if form.names.contains(key.name) { continue }
            isGood = false
            diagnostics.add(
                "`\(key.name)` does not go with `\(sign)`", key.place,
                [
                    "expected beside `\(sign)`: \(form.names.filter { $0 != sign }.joined(separator: ", "))"
                ])
        }
        for name in form.needed where members[name] == nil {
            isGood = false
            diagnostics.add("`\(name)` is missing", value.place, ["expected: a list, \(choices)"])
        }
        return isGood ? form : nil
    }

    private func list(_ key: YAMLKey, _ written: YAMLValue, isReplicate: Bool)
        -> ExperimentSyntax.Axis?
    {
        var reader = ValueReader(diagnostics: diagnostics)
        let what = "axis `\(key.name)`"
        var values: [(value: Value, place: Place)] = []
        if let elements = written.elements {
            for element in elements {
                guard let value = reader.anyValue(element, constants, what) else { return nil }
                values.append((value, element.place))
            }
        } else {
            guard let value = reader.anyValue(written, constants, what) else { return nil }
            guard case .list(let elements) = value else {
                fields.refuse(
                    written, value, what,
                    "a list, \(AxisReader.forms.map { $0.text }.joined(separator: ", "))")
                return nil
            }
            values = elements.map { ($0, written.place) }
        }
        guard !values.isEmpty else {
            diagnostics.add("\(what) is empty", written.place, ["expected: at least one value"])
            return nil
        }
        guard values.count <= AxisReader.largest else {
            diagnostics.add(
                "\(what) has \(values.count) values", written.place,
                ["expected: at most \(AxisReader.largest)"])
            return nil
        }
        var seen: [JSON: Value] = [:]
        for (value, place) in values {
            guard let first = seen.updateValue(value, forKey: value.json) else { continue }
            var advice = ["give each value once"]
            if first.inText != value.inText {
                advice.append(
                    "`\(first.inText)` and `\(value.inText)` are one number; quote them where texts are meant"
                )
            }
            diagnostics.add("\(what) has a value twice", place, advice)
            return nil
        }
        return ExperimentSyntax.Axis(
            name: key, values: values.map { $0.value }, isReplicate: isReplicate)
    }
}
