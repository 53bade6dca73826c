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
        case .choiceOrText(let names, let what):
            return "one of \(names.joined(separator: ", ")), or \(what)"
        case .list(let element, let count):
            let many =
                count.lowerBound == count.upperBound
                ? "\(count.lowerBound)"
                : count.upperBound == .max
                    ? "at least \(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
            return "a list of \(many), each \(element.text)"
        case .optional(let type): return "\(type.text), or null"
        case .words: return "a list of words, or a text for sh"
        case .environment: return "a mapping of variables"
        case .any: return "any value"
        }
    }

    /// The value as the stage gets it: what is wanted as a text is the text that was written, all else stays
    /// what it is.
    ///
    /// - Throws: ``Misfit`` where it does not fit.
    package func fitted(_ value: Value) throws(Misfit) -> JSON {
        switch (self, value) {
        case (.optional, .scalar(.null, _)): return .null
        case (.optional(let type), _): return try type.fitted(value)
        case (.list(let element, let count), .list(let values)):
            guard count.contains(values.count) else { throw Misfit(value.json.canonicalText) }
            var elements: [JSON] = []
            for each in values {
                do { elements.append(try element.fitted(each)) } catch {
                    // The whole list shows which element it is, but for a number whose fault its text has to
                    // tell.
                    let isUnfit = each.firstUnfit != nil
                    throw Misfit(
                        isUnfit ? error.found : value.json.canonicalText, error.advice)
                }
            }
            return .array(elements)
        case (.text, .scalar(.null, let written)):
            throw Misfit(
                written ?? "nothing",
                written.map { ["quote it where the text is meant: \"\($0)\""] } ?? [])
        case (.text, .scalar), (.text, .unfit): return .string(value.inText)
        case (.choice(let names), .scalar(let scalar, _)) where scalar != .null:
            guard names.contains(value.inText) else { throw Misfit(scalar.canonicalText) }
            return .string(value.inText)
        case (.choiceOrText, .scalar(let scalar, _)) where scalar != .null:
            guard accepts(.string(value.inText)) else { throw Misfit(scalar.canonicalText) }
            return .string(value.inText)
        default:
            if let unfit = value.firstUnfit {
                throw Misfit("\(unfit.text), \(unfit.why.text)", [unfit.why.advice])
            }
            let json = value.json
            guard accepts(json) else { throw Misfit(json.canonicalText, numberInQuotes(json)) }
            return json
        }
    }

    /// The same for a value that no person wrote; `nil` where it does not fit.
    package func normalized(_ value: JSON) -> JSON? { try? fitted(Value(value)) }

    /// The advice for a text that reads as the number that is wanted.
    private func numberInQuotes(_ json: JSON) -> [String] {
        guard let text = json.text, case .scalar(let number, _) = PlainScalar.number(text),
            accepts(number)
        else { return [] }
        return ["it is a text: write it without quotes, or alone in `${…}`"]
    }

    /// Whether a text cannot be a name that was mistyped: it has more than letters, digits, `-` and `_`.
    private static func isMoreThanAWord(_ text: String) -> Bool {
        text.contains { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
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
        case .choiceOrText(let names, _):
            return value.text.map { names.contains($0) || ParameterType.isMoreThanAWord($0) }
                ?? false
        case .list(let element, let count):
            guard let elements = value.elements, count.contains(elements.count) else {
                return false
            }
            return elements.allSatisfy(element.accepts)
        case .optional(let type): return value == .null || type.accepts(value)
        case .words: return ProgramWords(json: value) != nil
        case .environment:
            guard let members = value.members else { return false }
            return members.allSatisfy {
                ProgramParameters.isVariable($0.key) && ProgramWords.word($0.value) != nil
            }
        case .any: return true
        }
    }
}

extension JSON {
    static func text(ofBound number: Double) -> String {
        number.isFinite ? JSON.number(number).canonicalText : "∞"
    }
}
