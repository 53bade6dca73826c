package import Experiment

/// What of an experiment a run is asked for.
package struct RunSelection: Sendable, Equatable {
    /// How the actions are named.
    package enum Choice: Sendable, Equatable {
        /// Every action.
        case all
        /// These actions or stages, with what they need.
        case targets([String])
        /// These alone: what they need has to be there.
        case only([String])
        /// These and all that depends on them, with what that needs.
        case from([String])
    }

    /// How the actions are named.
    package var choice: Choice
    /// Whether what was named is executed again where its result is there, and compared.
    package var isForced: Bool

    /// Names a selection; the default is everything, and nothing again.
    package init(_ choice: Choice = .all, isForced: Bool = false) {
        self.choice = choice
        self.isForced = isForced
    }

    /// Selects targets; all actions for none.
    package init(targets: [String]) { self.init(targets.isEmpty ? .all : .targets(targets)) }

    /// The actions of a graph that are selected.
    ///
    /// - Throws: ``TargetError`` for a name that there is not.
    package func actions(of graph: ActionGraph) throws -> SelectedActions {
        var named = Set(graph.actions.indices)
        var isOnly = false
        switch choice {
        case .all: break
        case .targets(let names): named = try RunSelection.find(names, in: graph)
        case .only(let names):
            named = try RunSelection.find(names, in: graph)
            isOnly = true
        case .from(let names):
            named = try RunSelection.find(names, in: graph)
            for action in graph.actions where action.reads(named) { named.insert(action.index) }
        }
        var wanted = graph.actions.indices.map(named.contains)
        for index in graph.actions.indices.reversed() where wanted[index] {
            for producer in graph.actions[index].producers { wanted[producer] = true }
        }
        let again = named.filter {
            isForced && graph.actions[$0].frozen == nil
                && !graph.stage(of: graph.actions[$0]).kind.isDownload
        }
        return SelectedActions(
            wanted: wanted, named: named, isOnly: isOnly, repeated: again)
    }

    private static func find(_ names: [String], in graph: ActionGraph) throws -> Set<Int> {
        try names.reduce(into: []) { $0.formUnion(try Targets.find($1, in: graph)) }
    }
}

extension Action {
    /// The actions whose outputs it reads.
    fileprivate var producers: [Int] {
        inputs.flatMap { $0.sources }.compactMap { source in
            if case .action(let producer, _) = source { producer } else { nil }
        }
    }

    fileprivate func reads(_ actions: Set<Int>) -> Bool {
        producers.contains(where: actions.contains)
    }
}
