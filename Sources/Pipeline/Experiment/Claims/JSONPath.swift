package import Canon

/// A place in a JSON document: `parameters.alpha.value`, `claims[3].verdict`, `[id=J10].measured`, or an
/// RFC 6901 pointer, `/parameters/alpha/value`.
package struct JSONPath: Sendable, Equatable {
    /// The path as it was written.
    package let text: String
    private let steps: [Step]

    private enum Step: Equatable {
        case member(String)
        case element(Int)
        case either(String)
        case only(member: String, text: String)
    }

    /// Reads a path; `nil` for one with an empty name or an open bracket.
    package init?(_ text: String) {
        self.text = text
        var steps: [Step] = []
        if text.hasPrefix("/") {
            for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                steps.append(
                    .either(String(part).replacing("~1", with: "/").replacing("~0", with: "~")))
            }
            self.steps = steps
            return
        }
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]"),
                    let step = JSONPath.bracket(rest[rest.index(after: rest.startIndex)..<end])
                else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            } else {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                if name.isEmpty { return nil }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
            // A dot leads on; it neither begins nor ends a path.
            if rest.first == "." {
                rest = rest.dropFirst()
                if rest.isEmpty || rest.first == "[" { return nil }
            } else if let next = rest.first, next != "[" {
                return nil
            }
        }
        if steps.isEmpty { return nil }
        self.steps = steps
    }

    /// What stands in brackets: a place in a list, or the member that says which element is meant.
    private static func bracket(_ text: Substring) -> Step? {
        if let equals = text.firstIndex(of: "="), equals != text.startIndex {
            return .only(
                member: String(text[..<equals]), text: String(text[text.index(after: equals)...]))
        }
        guard let index = Int(text), index >= 0 else { return nil }
        return .element(index)
    }

    /// The value at the path.
    ///
    /// - Throws: ``ClaimFailure`` with the part that leads nowhere, and what there is instead.
    package func value(in document: JSON) throws(ClaimFailure) -> JSON {
        var value = document
        for step in steps {
            let next: JSON?
            let name: String
            switch step {
            case .member(let member): (next, name) = (value[member], member)
            case .element(let index):
                (next, name) = (element(index, of: value), "[\(index)]")
            case .only(let member, let text):
                let found = (value.elements ?? []).filter { $0[member]?.text == text }
                name = "[\(member)=\(text)]"
                next = found.count == 1 ? found[0] : nil
                if found.count > 1 {
                    throw ClaimFailure(
                        reason: "\(self.text): \(found.count) elements have \(name); expected one")
                }
            case .either(let part):
                name = part
                next =
                    value.elements == nil
                    ? value[part] : Int(part).flatMap { element($0, of: value) }
            }
            guard let next else {
                throw ClaimFailure(
                    reason:
                        "\(text): no \(name) there; expected one of \(JSONPath.names(of: value, step))"
                )
            }
            value = next
        }
        return value
    }

    private func element(_ index: Int, of value: JSON) -> JSON? {
        guard let elements = value.elements, index < elements.count else { return nil }
        return elements[index]
    }

    private static func names(of value: JSON, _ step: Step) -> String {
        if case .only(let member, _) = step, let elements = value.elements {
            let texts = elements.compactMap { $0[member]?.text }.prefix(12)
            return texts.map { "[\(member)=\($0)]" }.joined(separator: ", ")
        }
        if let members = value.members {
            return JSON.sorted(members.keys).prefix(12).joined(separator: ", ")
        }
        if let elements = value.elements { return "[0] to [\(elements.count - 1)]" }
        return "nothing: it is \(value.canonicalText.prefix(40))"
    }
}
