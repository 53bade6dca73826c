package import Canon

extension ParameterType {
    /// What is allowed, in words: `a whole number from 1 to 100`.
    package var text: String {
        switch self {
        case .integer(let range):
            return "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let from, let to, let openLow, let openHigh):
            if from == -.infinity && to == .infinity { return "a number" }
            let low = JSON.text(ofBound: from)
            let high = JSON.text(ofBound: to)
            if to == .infinity {
                return "a number \(openLow ? "greater than" : "of at least") \(low)"
            }
            if from == -.infinity {
                return "a number \(openHigh ? "less than" : "of at most") \(high)"
            }
            return "a number from \(low)\(openLow ? " (excluded)" : "") to \(high)"
                + (openHigh ? " (excluded)" : "")
        case .boolean: return "true or false"
        case .text: return "text"
        case .choice(let names): return "one of \(names.joined(separator: ", "))"
        case .list(let element, let count):
            let many =
                count.lowerBound == count.upperBound
                ? "\(count.lowerBound)"
                : count.upperBound == .max
                    ? "at least \(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
            return "a list of \(many), each \(element.text)"
        case .optional(let type): return "\(type.text), or null"
        case .any: return "any value"
        }
    }

    /// The value as the stage gets it, or `nil` where it does not fit: a number given for a text
    /// becomes its canonical text, all else stays as it is.
    package func normalized(_ value: JSON) -> JSON? {
        switch (self, value) {
        case (.text, .number): return .string(value.canonicalText)
        case (.optional(let type), _) where value != .null: return type.normalized(value)
        case (.list(let element, let count), .array(let elements)):
            guard count.contains(elements.count) else { return nil }
            var values: [JSON] = []
            for each in elements {
                guard let value = element.normalized(each) else { return nil }
                values.append(value)
            }
            return .array(values)
        default: return accepts(value) ? value : nil
        }
    }

    /// Whether a value fits as it is.
    package func accepts(_ value: JSON) -> Bool {
        switch self {
        case .integer(let range): return value.integer.map(range.contains) ?? false
        case .number(let from, let to, let openLow, let openHigh):
            guard let number = value.double, number >= from, number <= to else { return false }
            return !(openLow && number == from) && !(openHigh && number == to)
        case .boolean: return value.bool != nil
        case .text: return value.text != nil
        case .choice(let names): return value.text.map(names.contains) ?? false
        case .list(let element, let count):
            guard let elements = value.elements, count.contains(elements.count) else {
                return false
            }
            return elements.allSatisfy(element.accepts)
        case .optional(let type): return value == .null || type.accepts(value)
        case .any: return true
        }
    }
}

extension JSON {
    static func text(ofBound number: Double) -> String {
        number.isFinite ? JSON.number(number).canonicalText : "∞"
    }
}
