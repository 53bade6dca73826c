import Canon
import Experiment

/// The numbers of two lists of results side by side: one line a stage and value, over all its actions.
package struct ResultComparison {
    /// A value of a stage on both sides.
    package struct Line: Sendable {
        /// The stage.
        package let stage: String
        /// The value's path.
        package let name: String
        /// How many actions have it on both sides.
        package let count: Int
        /// The mean over these actions on the first side.
        package let first: Double
        /// The same on the second side.
        package let second: Double
        /// The standard deviation of the differences; `nil` for fewer than two actions.
        package let scatter: Double?
        /// The interval on each side, where there is one action and its document gives it.
        package let intervals: (first: Series.Interval, second: Series.Interval)?

        /// The mean difference.
        package var difference: Double { second - first }
    }

    /// The values that differ, by stage and size of the difference beside its scatter.
    package let lines: [Line]
    /// How many values of how many actions are the same on both sides.
    package let same: (values: Int, actions: Int)
    /// What could not be compared, for people.
    package let remarks: [String]

    /// Compares the outputs of actions that both sides have, by the actions' names.
    ///
    /// - Complexity: linear in the bytes of the outputs that differ; those that do not are not read.
    package init(_ first: [ActionFacts], _ second: [ActionFacts]) {
        let others = Dictionary(second.map { ($0.name, $0) }) { one, _ in one }
        var stages: [String] = []
        var values: [String: [String: [Pair]]] = [:]
        var same = (values: 0, actions: 0)
        var unread: [String] = []
        for action in first {
            guard let other = others[action.name] else { continue }
            let differing = action.outputs.contains { output in
                OutputScalars.mayHold(output.name)
                    && other.outputs.first { $0.output == output.output }?.digest != output.digest
            }
            guard differing else {
                same.actions += 1
                continue
            }
            let stage = String(action.name.prefix { $0 != "[" })
            guard let old = ResultComparison.values(of: action),
                let new = ResultComparison.values(of: other)
            else {
                unread.append(action.name)
                continue
            }
            if values[stage] == nil { stages.append(stage) }
            for (name, value) in old {
                guard let partner = new[name] else { continue }
                if value == partner { same.values += 1 }
                values[stage, default: [:]][name, default: []].append(
                    Pair(
                        first: value, second: partner,
                        intervals: ResultComparison.intervals(of: name, old, new)))
            }
        }
        lines = stages.flatMap { stage in
            ResultComparison.lines(of: stage, values[stage] ?? [:])
        }
        self.same = same
        remarks =
            unread.isEmpty
            ? []
            : ["could not be read, the store has no good copy: \(ForeignTable.names(unread))"]
    }

    private struct Pair {
        let first, second: Double
        let intervals: (first: Series.Interval, second: Series.Interval)?
    }

    private static func values(of action: ActionFacts) -> [String: Double]? {
        var values: [String: Double] = [:]
        for output in action.outputs where OutputScalars.mayHold(output.name) {
            guard let scalars = try? OutputScalars(output) else { return nil }
            for (name, value) in scalars.values {
                if let number = value.double { values[name] = number }
            }
        }
        return values
    }

    /// The bounds that stand beside `….value` as `….low` and `….high`.
    private static func intervals(
        of name: String, _ old: [String: Double], _ new: [String: Double]
    ) -> (first: Series.Interval, second: Series.Interval)? {
        guard name.hasSuffix(".value") else { return nil }
        let lead = String(name.dropLast("value".count))
        guard let a = old[lead + "low"], let b = old[lead + "high"], let c = new[lead + "low"],
            let d = new[lead + "high"]
        else { return nil }
        return (Series.Interval(low: a, high: b), Series.Interval(low: c, high: d))
    }

    private static func lines(of stage: String, _ values: [String: [Pair]]) -> [Line] {
        let lines = values.compactMap { name, pairs -> Line? in
            guard pairs.contains(where: { $0.first != $0.second }) else { return nil }
            // The bounds are told with their value.
            if name.hasSuffix(".low") || name.hasSuffix(".high") {
                let lead = name.prefix { _ in true }.dropLast(name.hasSuffix(".low") ? 3 : 4)
                if values["\(lead)value"] != nil { return nil }
            }
            let count = Double(pairs.count)
            let first = pairs.reduce(0) { $0 + $1.first } / count
            let second = pairs.reduce(0) { $0 + $1.second } / count
            let mean = second - first
            let squares = pairs.reduce(0.0) { sum, pair in
                let rest = pair.second - pair.first - mean
                return sum + rest * rest
            }
            return Line(
                stage: stage, name: name, count: pairs.count, first: first, second: second,
                scatter: pairs.count > 1 ? (squares / (count - 1)).squareRoot() : nil,
                intervals: pairs.count == 1 ? pairs[0].intervals : nil)
        }
        return lines.sorted { $0.name < $1.name }
    }
}
