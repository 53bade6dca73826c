package import Experiment

/// The actions of a graph that a run has, and what it may do with each.
package struct SelectedActions: Sendable {
    /// Which are part of the run: what was asked for, and what that needs.
    package var wanted: [Bool]
    /// What was asked for by name.
    package let named: Set<Int>
    /// Whether nothing else may be executed.
    package let isOnly: Bool
    /// What is executed again where its result is there.
    package let repeated: Set<Int>

    /// Whether an action may be executed.
    package func mayRun(_ index: Int) -> Bool { !isOnly || named.contains(index) }

    /// Requires that everything is there that may not be executed; what partial inputs can go on without is
    /// left out of the run.
    ///
    /// - Throws: ``MissingInputs``.
    package mutating func requireInputs(_ plan: Plan, _ graph: ActionGraph) throws {
        if !isOnly { return }
        var isNeeded = named
        var missing: [String] = []
        for action in graph.actions.reversed() where wanted[action.index] {
            let index = action.index
            let isThere =
                if case .cached = plan.states[index] { true } else { named.contains(index) }
            if !isNeeded.contains(index) && !isThere {
                wanted[index] = false
                continue
            }
            if !isThere { missing.append(action.name) }
            for input in action.inputs {
                for case .action(let producer, _) in input.sources {
                    if !input.mayMiss.contains(producer) { isNeeded.insert(producer) }
                }
            }
        }
        if !missing.isEmpty {
            throw MissingInputs(file: graph.file, actions: missing.reversed())
        }
    }
}
