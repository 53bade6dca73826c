package import Canon

/// How the claims of a page came out, in one line: `2 held, 1 did not hold: exponent (0.730, expected at
/// least 0.9)`.
package struct ClaimsSummary: Sendable {
    /// A claim that did not hold.
    private struct Failure: Sendable {
        let name, expected, measured: String
        /// The measured number, where it is one.
        let number: Double?

        /// For people.
        var text: String {
            let found = number.map { Told.number($0) } ?? ClaimsSummary.short(measured)
            let parts = [
                found, expected.isEmpty ? "" : "expected \(ClaimsSummary.short(expected))",
            ]
            let said = parts.filter { !$0.isEmpty }.joined(separator: ", ")
            return name + (said.isEmpty ? "" : " (\(said))")
        }
    }

    private let held, told: Int
    private let failures: [Failure]

    /// Reads the claims of a page, as it writes them; `nil` where it judges none.
    package init?(_ document: JSON) {
        let claims = document.elements ?? []
        func count(_ verdict: Verdict) -> Int {
            claims.count { $0["verdict"]?.text == verdict.rawValue }
        }
        held = count(.held)
        told = count(.told)
        failures = claims.filter { $0["verdict"]?.text == Verdict.failed.rawValue }.map { claim in
            Failure(
                name: claim["name"]?.text ?? "", expected: claim["expected"]?.text ?? "",
                measured: claim["measured"]?.text ?? "", number: claim["value"]?.double)
        }
        if held == 0 && failures.isEmpty { return nil }
    }

    /// For people.
    package var text: String {
        let named = failures.isEmpty ? "" : ": " + firstFew(failures.map { $0.text })
        return "\(held) \(Verdict.held.text), \(failures.count) \(Verdict.failed.text)\(named)"
            + (told > 0 ? "; \(told) not judged" : "")
    }

    /// For programs.
    package func json(of action: String) -> JSON {
        [
            "action": .string(action), "text": .string(text), "held": .number(Double(held)),
            "didNotHold": .array(
                failures.map {
                    [
                        "claim": .string($0.name), "expected": .string($0.expected),
                        "measured": .string($0.measured),
                    ]
                }),
            "notJudged": .number(Double(told)),
        ]
    }

    /// A text on one line, cut where it is long.
    private static func short(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return line.count > 80 ? "\(line.prefix(77))…" : line
    }
}
