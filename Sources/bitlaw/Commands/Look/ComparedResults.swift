import Canon
import Experiment
import Run
import Workbench

/// Two lists of results side by side: what `compare` prints.
struct ComparedResults {
    let first: ResultList
    let second: ResultList
    let differences: [ResultDifference]
    let numbers: ResultComparison

    /// A member of key documents that differs, and for how many actions of a stage.
    private struct Parameter {
        let stage: String
        let text: String
        var count: Int
    }

    private static func stage(of action: String) -> String { String(action.prefix { $0 != "[" }) }

    /// What was changed in keys by their author, each once a stage.
    private var parameters: [Parameter] {
        var found: [Parameter] = []
        for difference in differences {
            guard case .key(let fields?) = difference.change else { continue }
            let stage = ComparedResults.stage(of: difference.action)
            for field in fields where !field.isInput {
                if let known = found.firstIndex(where: {
                    $0.stage == stage && $0.text == field.text
                }) {
                    found[known].count += 1
                } else {
                    found.append(Parameter(stage: stage, text: field.text, count: 1))
                }
            }
        }
        return found
    }

    /// The first stage, in the order of the experiment, some of whose outputs have other bits.
    private var firstStage: String? {
        differences.first { difference in
            difference.outputs.contains { $0.first != nil && $0.second != nil }
        }.map { ComparedResults.stage(of: $0.action) }
    }

    private func only(_ change: ResultDifference.Change) -> [String] {
        differences.filter { $0.change == change }.map { $0.action }
    }

    /// For people.
    func lines(mostNumbers: Int) -> [String] {
        var lines = [
            "first   \(first.origin), \(counted(first.entries.count, "action"))",
            "second  \(second.origin), \(counted(second.entries.count, "action"))",
        ]
        for (side, change) in [
            ("first", ResultDifference.Change.onlyFirst), ("second", .onlySecond),
        ] {
            let names = only(change)
            if !names.isEmpty { lines.append("only in the \(side): \(firstFew(names))") }
        }
        if !parameters.isEmpty { lines.append("parameters that differ:") }
        for parameter in parameters.prefix(40) {
            lines.append(
                "  \(parameter.stage): \(parameter.text) (\(counted(parameter.count, "action")))")
        }
        if parameters.count > 40 { lines.append("  and \(parameters.count - 40) more") }
        lines.append(
            firstStage.map { "the first stage whose outputs differ: \($0)" }
                ?? "no output of an action that both have differs")
        return lines + numberLines(mostNumbers)
            + numbers.remarks
    }

    private func numberLines(_ most: Int) -> [String] {
        guard !numbers.lines.isEmpty else { return [] }
        var rows: [[JSON]] = []
        var left: [String] = []
        for stage in ComparedResults.order(numbers.lines.map { $0.stage }) {
            let own = numbers.lines.filter { $0.stage == stage }
            for line in own.prefix(most) { rows.append(ComparedResults.row(line)) }
            if own.count > most {
                left.append("  and \(own.count - most) more of \(stage): --all")
            }
        }
        let table = ResultTable(
            columns: ["stage", "number", "first", "second", "difference", "scatter", "actions"]
                .map { ResultTable.Column($0, .value) }, rows: rows)
        let text = String(decoding: ResultTableFormat.text.bytes(table), as: UTF8.self)
        return text.split(separator: "\n").map(String.init) + left
    }

    private static func order(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private static func row(_ line: ResultComparison.Line) -> [JSON] {
        var (one, other): (JSON, JSON) = (.number(line.first), .number(line.second))
        if let intervals = line.intervals {
            (one, other) = (
                .string(text(line.first, intervals.first)),
                .string(text(line.second, intervals.second))
            )
        }
        return [
            .string(line.stage), .string(line.name), one, other, .number(line.difference),
            line.scatter.map { .number($0) } ?? .null, .number(Double(line.count)),
        ]
    }

    private static func text(_ value: Double, _ interval: Series.Interval) -> String {
        "\(LawNumber.text(value)) [\(LawNumber.text(interval.low)), "
            + "\(LawNumber.text(interval.high))]"
    }

    /// For programs.
    var json: JSON {
        [
            "first": .string(first.origin), "second": .string(second.origin),
            "onlyFirst": .array(only(.onlyFirst).map { .string($0) }),
            "onlySecond": .array(only(.onlySecond).map { .string($0) }),
            "firstStage": firstStage.map { .string($0) } ?? .null,
            "parameters": .array(
                parameters.map {
                    [
                        "stage": .string($0.stage), "change": .string($0.text),
                        "actions": .number(Double($0.count)),
                    ]
                }),
            "numbers": .array(
                numbers.lines.map { line in
                    [
                        "stage": .string(line.stage), "name": .string(line.name),
                        "actions": .number(Double(line.count)), "first": .number(line.first),
                        "second": .number(line.second), "difference": .number(line.difference),
                        "scatter": line.scatter.map { .number($0) } ?? .null,
                    ]
                }),
            "remarks": .array(numbers.remarks.map { .string($0) }),
        ]
    }
}
