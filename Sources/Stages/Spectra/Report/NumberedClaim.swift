import Canon
import Numerics
import Workbench

/// A claim with what is expected, what came out, and on whose word it rests.
struct NumberedClaim {
    let statement, basis, test, expected, measured: String
    /// `nil` where this run has no measurements for it.
    let holds: Bool?

    var verdict: Verdict { Verdict(holds) }

    /// As the page shows it; `measured` is markup.
    var shown: TestedClaim {
        TestedClaim(
            statement: statement, test: "\(test) Basis: \(basis).", verdict: verdict,
            evidence: "Expected: \(Markup.escape(expected)). Measured: \(measured).")
    }

    func json(_ number: Int) -> JSON {
        [
            "number": .number(Double(number)), "statement": .string(statement),
            "basis": .string(basis), "expected": .string(expected),
            "measured": .string(NumberedClaim.plain(measured)), "verdict": .string(verdict.text),
        ]
    }

    /// Text without tags.
    private static func plain(_ markup: String) -> String {
        var (text, isTag) = ("", false)
        for character in markup {
            if character == "<" {
                isTag = true
            } else if character == ">" {
                isTag = false
            } else if !isTag {
                text.append(character)
            }
        }
        return text
    }
}
