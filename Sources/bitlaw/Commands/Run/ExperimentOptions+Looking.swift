import Experiment
import LocalStore
import Run

extension ExperimentOptions {
    /// Does what only looks at an experiment and its store; the same look at the same files is answered with
    /// what it said before.
    ///
    /// - Parameters:
    ///   - isRemembered: whether it looks at what its plan tells, at runs, and at nothing else.
    ///   - creating: whether a store that is missing is made.
    ///   - areas: folders of shards that it looks into besides.
    ///   - body: gives the plan that it looked at.
    /// - Throws: what is wrong with the experiment or the store, and whatever `body` throws.
    func look(
        isRemembered: Bool = true, creating: Bool = true, in areas: [String] = [],
        _ body: (ActionGraph, Store) throws -> Plan
    ) throws {
        guard isRemembered, let shortcut = RunShortcut(self, looksOnly: true) else {
            let (graph, store) = try open(creating: creating)
            _ = try body(graph, store)
            return
        }
        if shortcut.answer() { return }
        let isSilent = !Output.hasToldErrors
        var looked: (graph: ActionGraph, plan: Plan)?
        let said = try Output.listening {
            let graph = try load()
            looked = (graph, try body(graph, shortcut.store))
        }
        if isSilent, let said, let looked {
            shortcut.keep(looked.graph, looked.plan, said, in: areas)
        }
    }
}
