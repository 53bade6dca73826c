package import Experiment
package import LocalStore
import System

extension ResultList {
    /// The entries of some actions alone.
    package func only(_ isIncluded: (String) -> Bool) -> ResultList {
        ResultList(
            origin: origin, experiment: experiment, entries: entries.filter { isIncluded($0.name) })
    }

    /// The list with the entries of another in the place of its own, in the order of a graph; what the graph
    /// has no longer comes last.
    package func replacing(by other: ResultList, in graph: ActionGraph) -> ResultList {
        let known = graph.actions.compactMap { other[$0.name] ?? self[$0.name] }
        let names = Set(graph.actions.map { $0.name })
        return ResultList(
            origin: other.origin, experiment: other.experiment,
            entries: known + entries.filter { !names.contains($0.name) })
    }

    /// What the store holds for the wanted actions of a graph.
    ///
    /// - Throws: ``OperationalError``; ``MissingResults`` where an action has no result.
    package static func complete(
        graph: ActionGraph, wanted: [Bool]? = nil, store: Store, registry: KindRegistry
    ) throws -> ResultList {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        let names = wanted.map { wanted in
            Set(graph.actions.filter { wanted[$0.index] }.map { $0.name })
        }
        let list = ResultList(
            plan: plan, graph: graph, profile: try graph.profile(registry), origin: store.path
        ).only { names?.contains($0) ?? true }
        let missing = graph.actions.map { $0.name }.filter {
            list[$0] == nil && names?.contains($0) ?? true
        }
        if !missing.isEmpty { throw MissingResults(file: graph.file, actions: missing) }
        return list
    }
}
