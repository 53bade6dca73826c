import Cache
import Pipeline

/// A claim of a list: where it comes from, what is expected, what came out.
struct CheckedClaim {
    /// How the claim came out.
    enum Verdict: String {
        case held, failed, told

        init(_ holds: Bool?) { self = holds.map { $0 ? .held : .failed } ?? .told }

        var text: String {
            switch self {
            case .held: "held"
            case .failed: "did not hold"
            case .told: "not judged"
            }
        }
    }

    let id: String
    let claim: String
    /// What a pass would show: a sourced statement, mathematics, or our own expectation.
    let basis: String
    let expected: String
    /// Text without markup.
    let measured: String
    let verdict: Verdict
    /// What the measured numbers were read from.
    var inputs: [StageInput] = []

    /// A claim that this run has no measurements for.
    static func lacking(_ id: String, _ claim: String, basis: String, expected: String)
        -> CheckedClaim
    {
        CheckedClaim(
            id: id, claim: claim, basis: basis, expected: expected,
            measured: "this run has no measurements for it", verdict: .told)
    }

    var json: JSON {
        [
            "id": .string(id), "claim": .string(claim), "basis": .string(basis),
            "expected": .string(expected), "measured": .string(measured),
            "verdict": .string(verdict.rawValue),
        ]
    }
}

extension ReportPage {
    /// A table of claims: id, claim, basis, expected, measured, verdict.
    mutating func claims(_ claims: [CheckedClaim]) {
        func wrapped(_ html: String, _ width: Int) -> String {
            "<div style=\"white-space:normal;text-align:left;min-width:\(width)rem\">\(html)</div>"
        }
        table(
            ["", "claim", "basis", "expected", "measured", "verdict"],
            claims.map { claim in
                let measured =
                    claim.inputs.isEmpty
                    ? Markup.escape(claim.measured) : number(claim.measured, from: claim.inputs)
                return [
                    claim.id, wrapped(Markup.escape(claim.claim), 10),
                    wrapped(Markup.escape(claim.basis), 6),
                    wrapped(Markup.escape(claim.expected), 9),
                    wrapped(measured, 11),
                    "<span class=\"claim \(claim.verdict.rawValue)\" style=\"padding:0 .4em;background:none;border:0\">"
                        + "<span class=\"verdict\">\(claim.verdict.text)</span></span>",
                ]
            })
        let held = claims.count { $0.verdict == .held }
        let failed = claims.filter { $0.verdict == .failed }.map { $0.id }
        let told = claims.filter { $0.verdict == .told }.map { $0.id }
        paragraph(
            "\(held) of \(claims.count) claims held"
                + (failed.isEmpty ? "" : "; did not hold: \(failed.joined(separator: ", "))")
                + (told.isEmpty ? "" : "; not judged: \(told.joined(separator: ", "))") + ".")
    }
}

/// A number with its interval or standard error, as reports print them.
enum Told {
    static func number(_ value: Double?, _ digits: Int = 3) -> String {
        guard let value else { return "–" }
        if value == value.rounded(), value.magnitude < 1e5 { return String(Int(value)) }
        return Markup.significant(value, digits)
    }

    /// A given number in its shortest form, such as 1.5.
    static func plain(_ value: Double) -> String {
        value.isFinite ? JSON.number(value).canonicalText : "–"
    }

    static func withError(_ value: Double?, _ error: Double?, _ digits: Int = 3) -> String {
        guard let value else { return "–" }
        guard let error, error > 0 else { return number(value, digits) }
        return "\(number(value, digits)) ± \(number(error, 2))"
    }

    /// `{value, low, high}` of a JSON document.
    static func interval(_ json: JSON?, _ digits: Int = 3) -> String {
        let value = number(json?["value"]?.double, digits)
        guard let low = json?["low"]?.double, let high = json?["high"]?.double else { return value }
        return "\(value) [\(number(low, digits)), \(number(high, digits))]"
    }
}
