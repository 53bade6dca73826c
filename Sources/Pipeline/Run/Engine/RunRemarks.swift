import Canon

/// What actions of a run remarked, to be told once at its end: a sweep says the same of each of its actions.
package struct RunRemarks {
    /// How many different remarks of one stage are told.
    private static let most = 3

    private struct Remark {
        let text: String
        /// The action that made it first.
        let first: Int
        /// All that made it.
        var indices: Set<Int>
    }

    private var stages: [(name: String, remarks: [Remark])] = []

    /// No remarks.
    package init() {}

    /// Keeps a remark of an action; one that it made before, in another attempt, counts once.
    package mutating func add(_ text: String, of index: Int, stage name: String) {
        if !stages.contains(where: { $0.name == name }) { stages.append((name, [])) }
        guard let place = stages.firstIndex(where: { $0.name == name }) else { return }
        guard let known = stages[place].remarks.firstIndex(where: { $0.text == text }) else {
            stages[place].remarks.append(Remark(text: text, first: index, indices: [index]))
            return
        }
        stages[place].remarks[known].indices.insert(index)
    }

    /// What is told, in the order in which the stages remarked first; it is told once.
    package mutating func take(name: (Int) -> String) -> [String] {
        defer { stages = [] }
        return stages.flatMap { stage, remarks in
            let told = remarks.prefix(RunRemarks.most).map { remark in
                let more = remark.indices.count - 1
                let others = more > 0 ? " and \(counted(more, "more action")) of \(stage)" : ""
                return "\(name(remark.first))\(others): \(remark.text)"
            }
            let rest = remarks.dropFirst(RunRemarks.most).reduce(0) { $0 + $1.indices.count }
            guard rest > 0 else { return told }
            return told + [
                "\(stage): \(counted(rest, "more action")) had other remarks of the kind"
            ]
        }
    }
}
