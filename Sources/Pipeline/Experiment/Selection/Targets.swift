import Canon

/// What a person names of an experiment: actions, stages, parts of sweeps, and conditions on coordinates.
///
/// `law[k=1]` is an action, `law` all actions of a stage, `train[n>=1000, model.name=polar]` a part of its
/// sweep. Conditions are expressions over axes: they leave out what does not hold them, and what lacks an
/// axis that they name.
package struct Targets: Sendable, Equatable, ExpressibleByArrayLiteral {
    /// Actions, stages and parts of sweeps; none for all actions.
    package let names: [String]
    /// What the coordinates of every selected action have to hold.
    package let conditions: [String]

    /// Names a selection.
    package init(_ names: [String], where conditions: [String] = []) {
        self.names = names
        self.conditions = conditions
    }

    /// Names actions, stages and parts of sweeps.
    package init(arrayLiteral names: String...) { self.init(names) }

    /// Whether nothing is named: then the whole experiment is meant.
    package var isAll: Bool { names.isEmpty && conditions.isEmpty }

    /// The selected actions, each once, in the order of the names.
    ///
    /// - Throws: ``TargetError`` where a name or a condition selects nothing.
    /// - Complexity: linear in the actions, for each part of a sweep and each condition.
    package func actions(in graph: ActionGraph) throws -> [Int] {
        var chosen = Array(graph.actions.indices)
        if !names.isEmpty {
            let index = NameIndex(graph)
            var isChosen = Array(repeating: false, count: graph.actions.count)
            chosen = []
            for name in names {
                let found = try index.actions(of: name) ?? SweepPart(name).actions(in: graph)
                for action in found where !isChosen[action] {
                    isChosen[action] = true
                    chosen.append(action)
                }
            }
        }
        for condition in conditions {
            chosen = try CoordinateCondition(condition, in: graph).filter(chosen)
        }
        return chosen
    }

    /// Which actions are wanted: the selected ones, with everything that they need.
    ///
    /// - Throws: ``TargetError`` where a name or a condition selects nothing.
    package func wanted(in graph: ActionGraph) throws -> [Bool] {
        if isAll { return Array(repeating: true, count: graph.actions.count) }
        var wanted = Array(repeating: false, count: graph.actions.count)
        for action in try actions(in: graph) { wanted[action] = true }
        return graph.withUpstream(of: wanted)
    }
}

/// Actions by their own names and by those of their stages, byte for byte.
private struct NameIndex {
    private let graph: ActionGraph
    private var places: [ExactText: [Int]] = [:]

    init(_ graph: ActionGraph) {
        self.graph = graph
        for action in graph.actions {
            let own = ExactText(action.name)
            let stage = ExactText(graph.stage(of: action).name)
            places[own, default: []].append(action.index)
            if own != stage { places[stage, default: []].append(action.index) }
        }
    }

    /// The actions of a name or of a stage; `nil` where the name may be a part of a sweep.
    func actions(of name: String) throws -> [Int]? {
        if let found = places[ExactText(name)] { return found }
        if name.contains("[") { return nil }
        throw TargetError.unknown(name, in: graph, among: graph.stages.map { $0.name })
    }
}

extension TargetError {
    /// A name that no action and no stage has.
    static func unknown(_ name: String, in graph: ActionGraph, among names: [String]) -> TargetError
    {
        let stages = graph.stages.map { $0.name }.joined(separator: ", ")
        var notes = [
            "expected: \(stages), or an action such as `\(graph.actions.last?.name ?? "")`"
        ]
        if let nearest = nearestName(to: name, among: names) {
            notes.append("did you mean `\(nearest)`?")
        }
        return TargetError("no action or stage `\(name)` in \(graph.file)", notes)
    }
}
