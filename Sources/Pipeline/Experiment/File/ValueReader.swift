import Canon

/// Works out values as they are written: `${…}` in them, wherever it stands.
struct ValueReader {
    /// The deepest nesting of a value with the values put in.
    private static let deepest = 64
    /// The largest value with the values put in: values and bytes of text.
    private static let largest = 1 << 20

    let diagnostics: Diagnostics
    /// Parsed once for all actions, by their text.
    private var templates: [String: Template?] = [:]

    init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// The value where the names have these values; `nil` after a mistake, which is told.
    mutating func value(_ written: YAMLValue, _ names: Names) -> Value? {
        switch written.content {
        case .scalar(let plain, let text, _):
            guard Template.isNeeded(text) else { return plain }
            do {
                let known: Template?
                if let found = templates[text] {
                    known = found
                } else {
                    known = try Template.parse(text)
                    templates[text] = .some(known)
                }
                return try known?.value(names) ?? plain
            } catch {
                diagnostics.add(error, in: written)
                return nil
            }
        case .list(let elements):
            var values: [Value] = []
            for element in elements {
                guard let value = value(element, names) else { return nil }
                values.append(value)
            }
            return .list(values)
        case .mapping(let members):
            var values: [String: Value] = [:]
            for (key, member) in members {
                guard !Template.isNeeded(key.name) else {
                    diagnostics.add(
                        "`${…}` in a name", key.place, ["expected: a name that is written out"])
                    return nil
                }
                guard let value = value(member, names) else { return nil }
                values[key.name] = value
            }
            return .mapping(values)
        }
    }

    /// A value of no stated type, such as a constant: its numbers have to be held as they are.
    mutating func anyValue(_ written: YAMLValue, _ names: Names, _ what: String) -> Value? {
        guard let value = value(written, names) else { return nil }
        if let place = firstUnfit(written)
            ?? value.firstUnfit.map({ ($0.text, $0.why, written.place) })
        {
            diagnostics.add("\(what) has \(place.0), \(place.1.text)", place.2, [place.1.advice])
            return nil
        }
        guard ValueReader.hasExpression(written) else { return value }
        guard value.depth <= ValueReader.deepest,
            value.size(upTo: ValueReader.largest) <= ValueReader.largest
        else {
            diagnostics.add(
                "\(what) is too large with all values put in", written.place,
                [
                    "expected: at most \(ValueReader.deepest) levels and "
                        + "\(ValueReader.largest) values and bytes of text"
                ])
            return nil
        }
        return value
    }

    /// The first number that cannot be held, with its place.
    private func firstUnfit(_ value: YAMLValue) -> (String, UnfitNumber, Place)? {
        switch value.content {
        case .scalar(.unfit(let text, let why), _, _): (text, why, value.place)
        case .scalar: nil
        case .list(let elements): elements.lazy.compactMap { firstUnfit($0) }.first
        case .mapping(let members): members.lazy.compactMap { firstUnfit($0.value) }.first
        }
    }

    /// Whether an expression stands in it.
    static func hasExpression(_ value: YAMLValue) -> Bool {
        switch value.content {
        case .scalar(_, let text, _): Template.isNeeded(text)
        case .list(let elements): elements.contains(where: hasExpression)
        case .mapping(let members): members.contains { hasExpression($0.value) }
        }
    }
}
