import Canon

/// A target that names no action and no stage.
package struct TargetError: Error, CustomStringConvertible {
    /// What was asked for, what there is, and the nearest spelling.
    package let description: String
}

/// Selects actions by name or stage, with everything that they need.
package enum Targets {
    /// Which actions are wanted; all of them for an empty list.
    package static func select(_ targets: [String], in graph: ActionGraph) throws -> [Bool] {
        if targets.isEmpty { return Array(repeating: true, count: graph.actions.count) }
        var wanted = Array(repeating: false, count: graph.actions.count)
        for target in targets {
            for index in try find(target, in: graph) { wanted[index] = true }
        }
        for index in graph.actions.indices.reversed() where wanted[index] {
            for input in graph.actions[index].inputs {
                for case .action(let producer, _) in input.sources { wanted[producer] = true }
            }
        }
        return wanted
    }

    /// The actions of a name or of a stage.
    package static func find(_ target: String, in graph: ActionGraph) throws -> [Int] {
        let found = graph.actions.indices.filter {
            graph.actions[$0].name == target || graph.stage(of: graph.actions[$0]).name == target
        }
        if !found.isEmpty { return found }
        let stages = graph.stages.map { $0.name }
        let names = target.contains("[") ? graph.actions.map { $0.name } : stages
        var text = "no action or stage `\(target)` in \(graph.file)\n  expected: "
        text += stages.joined(separator: ", ") + ", or an action such as "
        text += "`\(graph.actions.last?.name ?? "")`"
        if let nearest = nearestName(to: target, among: names) {
            text += "\n  did you mean `\(nearest)`?"
        }
        throw TargetError(description: text)
    }
}
