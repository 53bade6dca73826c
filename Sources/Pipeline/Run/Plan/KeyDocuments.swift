package import Experiment
package import LocalStore

/// The descriptions of the keys of many actions of a plan: files and tools are looked at once for all.
package final class KeyDocuments {
    private let plan: Plan
    private let begin: () -> Resolution
    private lazy var resolution = begin()

    /// Prepares to describe; nothing is read yet, and nothing is kept for each action.
    package init(_ plan: Plan, _ graph: ActionGraph, _ store: Store, _ registry: KindRegistry) {
        self.plan = plan
        begin = {
            Resolution(graph: graph, store: store, registry: registry, outputs: plan.outputs)
        }
    }

    /// The description of an action's key; everything that it reads has to be cached.
    ///
    /// - Throws: ``OperationalError``.
    package func document(of index: Int) throws -> KeyDocument {
        _ = resolution.leaveOut(Set(plan.lacking[index] ?? []), of: index)
        return try resolution.document(of: index)
    }
}
