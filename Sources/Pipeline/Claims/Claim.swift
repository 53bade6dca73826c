package import Cache

/// A number, word or figure of a paper, and the output that it comes from.
package struct Claim: Sendable {
    /// What is claimed.
    package enum Value: Sendable {
        /// A number, as it is printed.
        case number(WrittenNumber)
        /// A word, such as a verdict.
        case text(String)
        /// A figure: the digest of its bytes.
        case figure(Digest)
    }

    /// Where in the output it stands.
    package enum Spot: Sendable {
        /// The output as a whole: figures.
        case whole
        /// A value of a JSON document, by path.
        case path(JSONPath)
        /// A cell of a CSV table: of the only row whose columns have these values.
        case cell(row: [String: JSON], column: String)
        /// How many rows of a CSV table have these values, and something in the column.
        case count(row: [String: JSON], column: String)
    }

    /// The name: letters, digits, `-`, `_`; LaTeX macros are named by it.
    package let name: String
    /// What the paper says.
    package let statement: String
    /// The action.
    package let action: String
    /// The output; `nil` for the first one that the kind declares.
    package let output: String?
    /// Where it stands there.
    package let spot: Spot
    /// What the output's number is multiplied by before it is compared, such as 100 for percent.
    package let scale: Double
    /// What is claimed.
    package let value: Value
    /// How far the number may be away; `nil` where it has to round to the written one.
    package let tolerance: Double?
    /// The line of the claims file.
    package let line: Int

    /// What is claimed, as it is printed.
    package var printed: String {
        switch value {
        case .number(let number): number.text
        case .text(let text): text
        case .figure(let digest): digest.hex
        }
    }
}

/// A place in a JSON document: `parameters.alpha.value`, `claims[3].verdict`, or an RFC 6901
/// pointer, `/parameters/alpha/value`.
package struct JSONPath: Sendable, Equatable {
    /// The path as it was written.
    package let text: String
    private let steps: [Step]

    private enum Step: Equatable {
        case member(String)
        case element(Int)
        case either(String)
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
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            if !pieces[0].isEmpty {
                steps.append(.member(String(pieces[0])))
            } else if pieces.count == 1 || !steps.isEmpty {
                return nil
            }
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else {
                    return nil
                }
                steps.append(.element(index))
            }
        }
        self.steps = steps
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
            case .either(let part):
                name = part
                next =
                    value.elements == nil
                    ? value[part] : Int(part).flatMap { element($0, of: value) }
            }
            guard let next else {
                throw ClaimFailure(
                    reason:
                        "\(text): no \(name) there; expected one of \(JSONPath.names(of: value))")
            }
            value = next
        }
        return value
    }

    private func element(_ index: Int, of value: JSON) -> JSON? {
        guard let elements = value.elements, index < elements.count else { return nil }
        return elements[index]
    }

    private static func names(of value: JSON) -> String {
        if let members = value.members {
            return JSON.sorted(members.keys).prefix(12).joined(separator: ", ")
        }
        if let elements = value.elements { return "[0] to [\(elements.count - 1)]" }
        return "nothing: it is \(value.canonicalText.prefix(40))"
    }
}

/// Why a claim has no value.
package struct ClaimFailure: Error, Equatable {
    /// What was expected and found.
    package let reason: String

    /// Names a reason.
    package init(reason: String) { self.reason = reason }
}
