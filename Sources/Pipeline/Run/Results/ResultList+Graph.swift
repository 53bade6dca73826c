package import Experiment
package import LocalStore
import System

extension ResultList {
    /// What the store holds for every action of a graph.
    ///
    /// What partial inputs left out need not be there.
    /// - Throws: ``OperationalError``; ``MissingResults`` where an action has no result.
    package static func complete(
        graph: ActionGraph, store: Store, registry: KindRegistry
    ) throws -> ResultList {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        let list = ResultList(
            plan: plan, graph: graph, profile: try graph.profile(registry), origin: store.path)
        let leftOut = graph.leftOut { list[graph.actions[$0].name] == nil }
        let missing = graph.actions.filter { list[$0.name] == nil && !leftOut.contains($0.index) }
            .map { $0.name }
        if !missing.isEmpty { throw MissingResults(file: graph.file, actions: missing) }
        return list
    }
}
