package import Canon
package import Experiment
package import LocalStore

/// What a run would do, without doing it.
package struct Plan: Sendable {
    /// One entry for each action, in the graph's order.
    package let states: [PlannedState]
    /// The keys, where they are known.
    package let keys: [Digest?]
    /// The outputs of what is cached.
    package let outputs: [[ActionResult.Output]]
    /// The results of what is cached, where the plan keeps them; a download whose bytes are there may have
    /// none.
    package let results: [ActionResult?]

    /// For collectors whose result is there without some of what they could read: without which actions.
    package let lacking: [Int: [Int]]

    /// Seconds that each action took when its result was made; 0 where unknown.
    package var seconds: [Double] { results.map { $0?.seconds ?? 0 } }

    /// How many results are read ahead at most: so memory grows with what is kept of them alone.
    private static let mostReady = 4096

    /// Looks every action up; its outputs as closely as is asked.
    ///
    /// Who reads no ``results`` has them let go.
    /// - Throws: ``OperationalError``.
    /// - Complexity: one look-up for each action.
    package static func make(
        graph: ActionGraph, store: Store, registry: KindRegistry, check: OutputCheck = .presence,
        keepsResults: Bool = true
    ) throws -> Plan {
        var resolution = Resolution(
            graph: graph, store: store, registry: registry, check: check,
            keepsResults: keepsResults)
        var states: [PlannedState] = []
        var lacking: [Int: [Int]] = [:]
        // Actions that read nothing of each other are looked up together.
        var ready: [(index: Int, key: Digest)] = []
        func settle() throws {
            try resolution.readAhead(ready.map { $0.index })
            for (index, key) in ready {
                let layer = try resolution.lookUp(index, key: key)
                states.append(layer.map { .cached(layer: $0) } ?? .willRun)
            }
            ready = []
        }
        for action in graph.actions {
            let producers = action.inputs.flatMap { $0.sources }.compactMap { source -> Int? in
                if case .action(let producer, _) = source { producer } else { nil }
            }
            if producers.contains(where: { $0 >= states.count }) { try settle() }
            let blockers = Set(
                producers.filter {
                    if case .cached = states[$0] { false } else { true }
                })
            if let blocker = blockers.min() {
                try settle()
                if let layer = try resolution.lookUp(action.index, without: blockers) {
                    lacking[action.index] = blockers.sorted()
                    states.append(.cached(layer: layer))
                } else {
                    states.append(.mayRun(after: blocker))
                }
                continue
            }
            ready.append((action.index, try resolution.document(of: action.index).key))
            if ready.count == mostReady { try settle() }
        }
        try settle()
        return Plan(
            states: states, keys: resolution.keys, outputs: resolution.outputs,
            results: resolution.results, lacking: lacking)
    }

    /// An action as its result was made: a collector without what was left out.
    package func action(_ index: Int, in graph: ActionGraph) -> Action {
        lacking[index].flatMap { graph.actions[index].leavingOut(Set($0)) } ?? graph.actions[index]
    }

    /// The description of an action's key; everything that it reads has to be cached.
    package func keyDocument(
        of index: Int, graph: ActionGraph, store: Store, registry: KindRegistry
    ) throws -> KeyDocument {
        try KeyDocuments(self, graph, store, registry).document(of: index)
    }

    /// The seconds that a run is expected to take on so many workers; what may run is counted.
    package func expectedSeconds(
        _ graph: ActionGraph, wanted: [Bool], jobs: Int, history: @autoclosure () -> DurationHistory
    ) -> Double {
        var sum = 0.0
        // A record is read only where something may run.
        var known: DurationHistory?
        for action in graph.actions where wanted[action.index] {
            if case .cached = states[action.index] { continue }
            let history = known ?? history()
            known = history
            sum += history.seconds(of: action.index, in: graph) ?? 0
        }
        return sum / Double(max(1, jobs))
    }
}
