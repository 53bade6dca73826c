package import Experiment
package import LocalStore
import System

extension ResultList {
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
    /// What partial inputs left out need not be there.
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
        let leftOut = graph.leftOut { list[graph.actions[$0].name] == nil }
        let missing = graph.actions.filter { action in
            list[action.name] == nil && !leftOut.contains(action.index)
                && names?.contains(action.name) ?? true
        }.map { $0.name }
        if !missing.isEmpty { throw MissingResults(file: graph.file, actions: missing) }
        return list
    }
}
