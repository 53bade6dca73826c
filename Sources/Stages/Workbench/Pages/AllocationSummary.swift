package import Canon

/// How compute is best spent, in one line.
package enum AllocationSummary {
    /// The exponents with their intervals and the furthest prediction, as `run` prints them.
    package static func text(_ allocation: JSON) -> String {
        let method = allocation["method"]?.text ?? "allocation"
        let percent = Markup.significant((allocation["confidence"]?.double ?? 0) * 100, 2)
        let exponents = ["a", "b"].compactMap { name in
            allocation[name]?["value"]?.double.map { _ in
                number(name, allocation[name])
            }
        }
        let budgets = (allocation["budgets"]?.elements ?? []).filter { $0["used"] == true }
        var parts = [exponents.isEmpty ? "no exponent" : exponents.joined(separator: ", ")]
        if exponents.isEmpty { parts += budgets.map(minimum) }
        let asked = (allocation["at"]?.elements ?? []).max {
            ($0["C"]?.double ?? 0) < ($1["C"]?.double ?? 0)
        }
        if let asked { parts.append(prediction(asked)) }
        let hasInterval =
            LawNumber.ends(allocation["a"]) != nil || LawNumber.ends(asked?["N"]) != nil
        var facts = hasInterval ? ["\(percent) %"] : []
        if !budgets.isEmpty { facts.append("\(budgets.count) budgets") }
        return "\(method): " + parts.joined(separator: "; ")
            + (facts.isEmpty ? "" : "  (\(facts.joined(separator: ", ")))")
    }

    /// The lowest place of one budget.
    private static func minimum(_ budget: JSON) -> String {
        let values = ["N", "D", "loss"].map {
            "\($0) \(LawNumber.text(budget[$0]?.double ?? .nan))"
        }
        return "at C = \(LawNumber.text(budget["C"]?.double ?? .nan)) "
            + values.joined(separator: ", ")
    }

    private static func prediction(_ row: JSON) -> String {
        let values = [("N", "N"), ("D", "D"), ("DperN", "D/N")].map { number($0.1, row[$0.0]) }
        return "at C = \(LawNumber.text(row["C"]?.double ?? .nan)) "
            + values.joined(separator: ", ")
    }

    /// A name, its value, and its interval where there is one.
    private static func number(_ name: String, _ found: JSON?) -> String {
        let text = "\(name) \(LawNumber.text(found?["value"]?.double ?? .nan))"
        return LawNumber.ends(found).map { "\(text) \($0)" } ?? text
    }
}
