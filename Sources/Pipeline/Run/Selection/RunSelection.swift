package import Experiment

/// What of an experiment a run is asked for.
package struct RunSelection: Sendable, Equatable {
    /// How the actions are named.
    package enum Choice: Sendable, Equatable {
        /// These, with what they need.
        case targets(Targets)
        /// These alone: what they need has to be there.
        case only(Targets)
        /// These and all that depends on them, with what that needs.
        case from(Targets)

        /// What is named.
        package var named: Targets {
            switch self {
            case .targets(let targets), .only(let targets), .from(let targets): targets
            }
        }

        /// Whether every action is meant.
        package var isAll: Bool { named.isAll }
    }

    /// How the actions are named.
    package var choice: Choice
    /// Whether what was named is executed again where its result is there, and compared.
    package var isForced: Bool

    /// Names a selection; the default is everything, and nothing again.
    package init(_ choice: Choice = .targets([]), isForced: Bool = false) {
        self.choice = choice
        self.isForced = isForced
    }

    /// The actions of a graph that are selected.
    ///
    /// - Throws: ``TargetError`` for a name that there is not.
    package func actions(of graph: ActionGraph) throws -> SelectedActions {
        var named = Set(try choice.named.actions(in: graph))
        var isOnly = false
        switch choice {
        case .targets: break
        case .only: isOnly = true
        case .from:
            for action in graph.actions where action.reads(named) { named.insert(action.index) }
        }
        let wanted = graph.withUpstream(of: graph.actions.indices.map(named.contains))
        let again = named.filter {
            isForced && graph.actions[$0].frozen == nil
                && !graph.stage(of: graph.actions[$0]).kind.isDownload
        }
        return SelectedActions(
            wanted: wanted, named: named, isOnly: isOnly, repeated: again)
    }
}

extension Action {
    fileprivate func reads(_ actions: Set<Int>) -> Bool {
        producers.contains(where: actions.contains)
    }
}
