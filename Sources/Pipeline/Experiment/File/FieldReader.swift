import Canon

/// Reads the members that the format itself has, each of one type; `${…}` in them may name constants.
struct FieldReader {
    let diagnostics: Diagnostics
    private let constants: Names

    init(_ diagnostics: Diagnostics, _ constants: Names) {
        self.diagnostics = diagnostics
        self.constants = constants
    }

    /// The value that is written; `nil` after a mistake, which is told.
    func value(_ written: YAMLValue) -> Value? {
        var reader = ValueReader(diagnostics: diagnostics)
        return reader.value(written, constants)
    }

    /// A whole number.
    func whole(_ written: YAMLValue, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(written) else { return nil }
        if let number = value.json.integer, range.contains(number) { return number }
        refuse(
            written, value, what, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// `true` or `false`.
    func truth(_ written: YAMLValue, _ what: String) -> Bool? {
        guard let value = value(written) else { return nil }
        if let truth = value.json.bool { return truth }
        refuse(written, value, what, "true or false")
        return nil
    }

    /// A number with its exact decimal value.
    func decimal(_ written: YAMLValue, _ what: String) -> Decimal? {
        guard let value = value(written) else { return nil }
        guard case .scalar(.number(let number), let text) = value else {
            refuse(written, value, what, "a number")
            return nil
        }
        let digits = text ?? JSON.number(number).canonicalText
        guard let decimal = Decimal(digits) else {
            diagnostics.add(
                "\(what) is \(digits.prefix(60))", written.place, ["expected: at most 38 digits"])
            return nil
        }
        return decimal
    }

    /// A text that is not empty.
    func text(_ written: YAMLValue, _ what: String, _ expected: String) -> String? {
        guard let value = value(written) else { return nil }
        if case .scalar(let scalar, _) = value, scalar != .null, !value.inText.isEmpty {
            return value.inText
        }
        refuse(written, value, what, expected)
        return nil
    }

    /// Says what was found where something else is expected.
    func refuse(_ written: YAMLValue, _ value: Value, _ what: String, _ expected: String) {
        var found = written.found
        if let text = written.text, Template.isNeeded(text) {
            found = "\(value.json.canonicalText), from `\(text)`"
        }
        let advice = value.firstUnfit.map { [$0.why.advice] } ?? []
        diagnostics.add("\(what) is \(found)", written.place, ["expected: \(expected)"] + advice)
    }
}
