/// An experiment as a generator made it: the text of its file, and what it means by a slow expansion that
/// shares no code with the reader of experiment files.
struct GeneratedExperiment {
    /// A value of an axis: its text in a file and in a name, and its number times 1,000 where it is one.
    struct Value {
        let written: String
        let name: String
        let thousandths: Int?
    }

    struct Axis {
        let name: String
        let written: String
        let values: [Value]
    }

    /// A condition on one axis, as text and as a function.
    struct Condition {
        let written: String
        let axis: Int
        let holds: (Value) -> Bool
    }

    struct Stage {
        let name: String
        /// Its axes, in the order of `over`.
        let over: [Int]
        let condition: Condition?
        /// The stages that it collects; a producer has none.
        let reads: [Int]
    }

    /// What an action has to be.
    struct Expected: Equatable {
        let name: String
        let sources: [String]
    }

    let axes: [Axis]
    let stages: [Stage]

    /// The points of a stage that its condition lets through, in the order of the file: the last axis runs
    /// fastest.
    private func points(_ stage: Stage) -> [[Value]] {
        var points: [[Value]] = [[]]
        for axis in stage.over {
            points = points.flatMap { p in axes[axis].values.map { p + [$0] } }
        }
        guard let condition = stage.condition, let at = stage.over.firstIndex(of: condition.axis)
        else {
            return points
        }
        return points.filter { condition.holds($0[at]) }
    }

    private func name(_ stage: Stage, _ point: [Value]) -> String {
        if point.isEmpty { return stage.name }
        let parts = zip(stage.over, point).map { "\(axes[$0].name)=\($1.name)" }
        return "\(stage.name)[\(parts.joined(separator: ","))]"
    }

    /// The actions of every stage by its name; `nil` where one reads nothing, which is a mistake.
    func expansion() -> [String: [Expected]]? {
        var actions: [String: [Expected]] = [:]
        for stage in stages {
            for point in points(stage) {
                var sources: [String] = []
                for producer in stage.reads.map({ stages[$0] }) {
                    let matches = points(producer).filter { other in
                        zip(producer.over, other).allSatisfy { axis, value in
                            guard let at = stage.over.firstIndex(of: axis) else { return true }
                            return point[at].name == value.name
                        }
                    }
                    if matches.isEmpty { return nil }
                    sources += matches.map { name(producer, $0) }
                }
                actions[stage.name, default: []].append(
                    Expected(name: name(stage, point), sources: sources))
            }
        }
        return actions
    }

    /// The file.
    var text: String {
        var lines = ["experiment: generated", "seed: 7", "axes:"]
        lines += axes.map { "  \($0.name): \($0.written)" }
        lines.append("stages:")
        for stage in stages {
            let over =
                stage.over.isEmpty
                ? "" : ", over: [\(stage.over.map { axes[$0].name }.joined(separator: ", "))]"
            let condition = stage.condition.map { ", when: \"\($0.written)\"" } ?? ""
            let work =
                stage.reads.isEmpty
                ? "kind: test.numbers"
                : "kind: test.reader, params: {name: x}, inputs: {all: "
                    + "[\(stage.reads.map { stages[$0].name }.joined(separator: ", "))]}"
            lines.append("  \(stage.name): {\(work)\(over)\(condition)}")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
