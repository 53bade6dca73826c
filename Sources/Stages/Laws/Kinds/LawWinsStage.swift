import Canon
package import Experiment
import System
import Workbench

/// Which form extrapolates best, by group of curves.
package enum LawWinsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.wins", version: 1,
        summary: """
            Joins scores of law.curves: the error of each form on each curve, and the share of \
            curves that each wins.
            """,
        source: """
            Alabdulmohsin et al., arXiv 2209.06640, section 5: errors are cut to three decimals, \
            ties are shared, no answer counts as 1
            """,
        parameters: [
            Parameter("curve", .list(.text, count: 1...10), "The columns that name a curve."),
            Parameter("group", .text, "The column of `curve` by which wins are counted."),
            Parameter(
                "method", .optional(.text), default: .null,
                "Only scores of this method; null for all."),
        ],
        inputs: [
            InputPort("scores", "scores.csv", isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv", "A row for each curve, a column for each form."),
            OutputPort(
                "wins", fileName: "wins.csv", "A row for each group, a column for each form."),
            OutputPort(
                "summary", fileName: "wins.json",
                "The same as JSON: errors by curve, wins by group."),
        ])

    /// Joins, counts.
    package static func run(_ context: StageContext) throws {
        let names = context.parameters.texts("curve")
        let group = context.parameters.text("group")
        guard let place = names.firstIndex(of: group) else {
            throw FormatError(
                "group: expected one of \(names.joined(separator: ", ")), found \(group)")
        }
        let scores = try JoinedScores(context, names)
        let (forms, order, errors) = (scores.forms, scores.order, scores.errors)
        var table = Table(columns: names + forms)
        var counts: [JSON: (curves: Double, wins: [String: Double])] = [:]
        var groups: [JSON] = []
        for key in order {
            let mine = errors[key] ?? [:]
            table.append(key + forms.map { .finite(mine[$0]) })
            if counts[key[place]] == nil { groups.append(key[place]) }
            let cut = forms.map { ((mine[$0] ?? 1) * 1000).rounded(.down) }
            let least = cut.min() ?? 0
            let winners = forms.indices.filter { cut[$0] == least }
            counts[key[place], default: (0, [:])].curves += 1
            for winner in winners {
                counts[key[place]]?.wins[forms[winner], default: 0] += 1 / Double(winners.count)
            }
        }
        var wins = Table(columns: [group, "curves"] + forms)
        var summary: [String: JSON] = [:]
        for one in groups {
            let (curves, won) = counts[one] ?? (0, [:])
            let shares = forms.map { (won[$0] ?? 0) / curves }
            wins.append([one, .number(curves)] + shares.map { .number($0) })
            summary[one.text ?? one.canonicalText] = .object(
                Dictionary(uniqueKeysWithValues: zip(forms, shares.map { .number($0) })))
        }
        try context.write("errors", table.csv())
        try context.write("wins", wins.csv())
        var curves: [String: JSON] = [:]
        for key in order {
            let name = key.map { $0.text ?? $0.canonicalText }.joined(separator: " | ")
            curves[name] = .object((errors[key] ?? [:]).mapValues { .finite($0) })
        }
        try context.write(
            "summary",
            JSON.object(["wins": .object(summary), "errors": .object(curves)]).pretty())
    }
}

/// The error of each form on each curve.
private struct JoinedScores {
    /// Forms with their methods, and the curves' names, in the order in which they first appear.
    var forms: [String] = []
    var order: [[JSON]] = []
    var errors: [[JSON]: [String: Double]] = [:]

    /// Reads all scores of the method that was asked for.
    ///
    /// - Throws: ``FormatError`` where a curve has two scores of one form: neither is dropped silently.
    init(_ context: StageContext, _ names: [String]) throws {
        let method = context.parameters.value("method")
        var seen: Set<[JSON]> = []
        for input in context.inputs("scores") {
            let table = try Table(csv: input.bytes())
            for row in table.rows {
                let values = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
                guard method == .null || method == values["method"] else { continue }
                let key = names.map { values[$0] ?? .null }
                let form = "\(values["form"]?.text ?? ""), \(values["method"]?.text ?? "")"
                guard seen.insert(key + [.string(form)]).inserted else {
                    let name = key.map { $0.text ?? $0.canonicalText }.joined(separator: ", ")
                    throw FormatError(
                        "\(input.producer): expected one score of \(form) on \(name), found a second; "
                            + "compare scores that differ in other parameters apart")
                }
                if !forms.contains(form) { forms.append(form) }
                if errors[key] == nil { order.append(key) }
                errors[key, default: [:]][form] = values["rmse"]?.double
            }
        }
    }
}
