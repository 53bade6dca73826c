package import Experiment
package import LocalStore
import System

extension ResultList {
    /// The entries of some actions alone.
    package func only(_ isIncluded: (String) -> Bool) -> ResultList {
        ResultList(
            origin: origin, experiment: experiment, entries: entries.filter { isIncluded($0.name) })
    }

    /// What the store holds for every action of a graph.
    ///
    /// - Throws: ``OperationalError``; ``MissingResults`` where an action has no result.
    package static func complete(
        graph: ActionGraph, store: Store, registry: KindRegistry
    ) throws -> ResultList {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        let list = ResultList(
            plan: plan, graph: graph, profile: try graph.profile(registry), origin: store.path)
        let missing = graph.actions.filter { list[$0.name] == nil }.map { $0.name }
        if !missing.isEmpty { throw MissingResults(file: graph.file, actions: missing) }
        return list
    }
}
