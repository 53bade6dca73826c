import Canon

/// Reads the parameters that the file of a kind describes.
struct KindParameterReader {
    private static let types = ["boolean", "choice", "integer", "list", "number", "text"]
    /// Whole numbers beyond these are no exact values of JSON.
    private static let mostInteger = 9_007_199_254_740_992

    let diagnostics: Diagnostics
    let fields: FieldReader

    /// The parameters without mistakes; the others are told.
    func parameters(_ written: [(key: YAMLKey, value: YAMLValue)]) -> [Parameter] {
        written.compactMap { parameter($0.key, $0.value) }
    }

    private func parameter(_ key: YAMLKey, _ value: YAMLValue) -> Parameter? {
        guard NameRule(isInExpressions: true).allows(key, diagnostics) else { return nil }
        guard !([ProgramParameters.member] + WordReader.mappings).contains(key.name) else {
            diagnostics.add(
                "no parameter can be called `\(key.name)`", key.place,
                ["expected: another name: it stands for something else in `run`, or in the key"])
            return nil
        }
        let what = "parameter `\(key.name)`"
        guard let (type, members) = type(value, what, besides: ["default", "unit", "summary"])
        else { return nil }
        let isOptional = members["optional"].flatMap { fields.truth($0, "`optional`") } ?? false
        let whole = isOptional ? ParameterType.optional(type) : type
        return Parameter(
            key.name, whole,
            default: members["default"].map { standard($0, whole) } ?? (isOptional ? .null : nil),
            unit: members["unit"].flatMap { fields.text($0, "`unit`", "a unit") } ?? "",
            members["summary"].flatMap { fields.text($0, "`summary`", "a text") }
                ?? "No description.")
    }

    /// The value where a stage gives none; one that does not fit is told.
    private func standard(_ written: YAMLValue, _ type: ParameterType) -> JSON {
        guard let value = fields.value(written) else { return .null }
        do throws(Misfit) { return try type.fitted(value) } catch {
            diagnostics.add(
                "`default` is \(error.found)", written.place,
                ["expected: \(type.text)"] + error.advice)
            return .null
        }
    }

    /// The type of a parameter, or of a list's elements, with the members of its description.
    private func type(_ value: YAMLValue, _ what: String, besides others: [String])
        -> (type: ParameterType, members: [String: YAMLValue])?
    {
        guard let written = value.members else {
            diagnostics.add(
                "\(what) is \(value.found)", value.place,
                ["expected: a mapping, such as {type: number, from: 0, default: 1}"])
            return nil
        }
        let named = written.first { $0.key.name == "type" }?.value
        guard let name = named?.text, KindParameterReader.types.contains(name) else {
            diagnostics.add(
                named.map { "the type of \(what) is \($0.found)" } ?? "\(what) has no type",
                named?.place ?? value.place,
                notes(forUnknown: named?.text ?? "", allowed: KindParameterReader.types))
            return nil
        }
        let own =
            switch name {
            case "integer", "number": ["from", "to"]
            case "choice", "list": ["of"]
            default: [String]()
            }
        guard
            let members = checkedMapping(
                value, what, ["type", "optional"] + own + others, diagnostics)
        else { return nil }
        let type: ParameterType? =
            switch name {
            case "boolean": .boolean
            case "text": .text
            case "integer": integer(members)
            case "number": number(members)
            case "choice": choice(members["of"], what, value.place)
            default: list(members["of"], what, value.place)
            }
        return type.map { ($0, members) }
    }

    private func integer(_ members: [String: YAMLValue]) -> ParameterType? {
        let most = KindParameterReader.mostInteger
        func bound(_ name: String, _ standard: Int) -> Int? {
            members[name].map { fields.whole($0, "`\(name)`", in: -most...most) } ?? standard
        }
        guard let low = bound("from", -most), let high = bound("to", most),
            isRange(low <= high, members)
        else { return nil }
        return .integer(low...high)
    }

    private func number(_ members: [String: YAMLValue]) -> ParameterType? {
        func bound(_ name: String, _ standard: Double) -> Double? {
            guard let written = members[name] else { return standard }
            guard let value = fields.value(written) else { return nil }
            if let number = value.json.double { return number }
            fields.refuse(written, value, "`\(name)`", "a number")
            return nil
        }
        guard let low = bound("from", -.infinity), let high = bound("to", .infinity),
            isRange(low <= high, members)
        else { return nil }
        return .number(from: low, to: high)
    }

    private func isRange(_ isRange: Bool, _ members: [String: YAMLValue]) -> Bool {
        if !isRange, let place = (members["from"] ?? members["to"])?.place {
            diagnostics.add(
                "a range without a value", place, ["expected: `from` at most `to`"])
        }
        return isRange
    }

    private func choice(_ written: YAMLValue?, _ what: String, _ place: Place) -> ParameterType? {
        guard let elements = written?.elements, !elements.isEmpty else {
            diagnostics.add(
                "\(what) has nothing to choose from", written?.place ?? place,
                ["expected: of: [names]"])
            return nil
        }
        var names: [String] = []
        for element in elements {
            guard let name = element.text, element.json != .null, !Template.isNeeded(name) else {
                diagnostics.add("a choice is \(element.found)", element.place, ["expected: a name"])
                return nil
            }
            if names.contains(where: { ExactText($0) == ExactText(name) }) {
                diagnostics.add("the choice `\(visible(name))` stands there twice", element.place)
                return nil
            }
            names.append(name)
        }
        return .choice(names)
    }

    private func list(_ written: YAMLValue?, _ what: String, _ place: Place) -> ParameterType? {
        guard let written else {
            diagnostics.add(
                "\(what) is a list of what?", place,
                ["expected: of: {type: number}, and what else an element has"])
            return nil
        }
        guard let (each, members) = type(written, "an element of \(what)", besides: []) else {
            return nil
        }
        let isOptional = members["optional"].flatMap { fields.truth($0, "`optional`") } ?? false
        return .list(isOptional ? .optional(each) : each, count: 0...100_000)
    }
}
