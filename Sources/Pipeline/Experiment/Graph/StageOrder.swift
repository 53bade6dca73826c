import Canon

/// Orders stages by what they read.
struct StageOrder {
    let syntax: ExperimentSyntax
    let diagnostics: Diagnostics
    private let stageNumbers: [String: Int]

    /// Takes stages, and their places in the file by their names.
    init(syntax: ExperimentSyntax, stageNumbers: [String: Int], diagnostics: Diagnostics) {
        self.syntax = syntax
        self.stageNumbers = stageNumbers
        self.diagnostics = diagnostics
    }

    /// The stages that one reads.
    func producers(of stage: Int) -> [Int] {
        syntax.stages[stage].inputs.flatMap { $0.inputs }.compactMap {
            if case .stage(let name, _, _, _) = $0 { return stageNumbers[name] }
            return nil
        }
    }

    /// The stages with producers first (Kahn's algorithm); a cycle is named step by step.
    func topologicalOrder() -> [Int] {
        let count = syntax.stages.count
        var waiting = [Int](repeating: 0, count: count)
        var readers = [[Int]](repeating: [], count: count)
        for stage in 0..<count {
            for producer in Set(producers(of: stage)) {
                waiting[stage] += 1
                readers[producer].append(stage)
            }
        }
        var order = (0..<count).filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for reader in readers[order[next]] {
                waiting[reader] -= 1
                if waiting[reader] == 0 { order.append(reader) }
            }
            next += 1
        }
        if order.count < count { reportCycle(among: waiting) }
        return order
    }

    private func reportCycle(among waiting: [Int]) {
        guard let start = waiting.firstIndex(where: { $0 > 0 }) else { return }
        // Every stage that still waits has a producer that still waits: walk until one repeats.
        var path: [Int] = []
        var seen: [Int: Int] = [:]
        var stage = start
        while seen[stage] == nil {
            seen[stage] = path.count
            path.append(stage)
            stage = producers(of: stage).first { waiting[$0] > 0 } ?? stage
        }
        let cycle = path[(seen[stage] ?? 0)...] + [stage]
        let steps = cycle.map { number in
            let name = syntax.stages[number].name
            return "`\(name.name)` (line \(name.place.line))"
        }
        diagnostics.add(
            "a cycle of \(counted(steps.count - 1, "stage"))", syntax.stages[stage].name.place,
            ["\(steps.joined(separator: " reads "))", "remove one of these inputs"])
    }
}
