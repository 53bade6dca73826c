import Canon
import Experiment
import LocalStore
import Run
import Workbench

/// What is known of actions: what a table tells of them.
struct KnownActions {
    let graph: ActionGraph
    let store: Store
    let plan: Plan
    /// What the newest run says of actions without a result, by name.
    private let lastStates: [String: String]

    /// Looks the actions of an experiment up.
    init(_ graph: ActionGraph, _ store: Store) throws {
        self.graph = graph
        self.store = store
        plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let isWhole = plan.states.allSatisfy {
            if case .cached = $0 { return true }
            return false
        }
        lastStates = isWhole ? [:] : try KnownActions.states(graph, store)
    }

    /// The states of the newest run of the experiment, by the names of its actions.
    private static func states(_ graph: ActionGraph, _ store: Store) throws -> [String: String] {
        for name in try store.runNames().prefix(50) {
            guard let record = try store.run(name),
                record.head["experiment"]?.text == graph.experiment
            else { continue }
            var states: [String: String] = [:]
            record.forEachAction { action in
                if let name = action["name"]?.text { states[name] = action["state"]?.text }
            }
            return states
        }
        return [:]
    }

    /// Some actions, as they are in the store now.
    func facts(of actions: [Int]) -> [ActionFacts] {
        actions.map { index in
            let action = graph.actions[index]
            let result = plan.results[index]
            return ActionFacts(
                name: action.name, coordinates: action.coordinates, parameters: action.parameters,
                state: state(of: index), seconds: result?.seconds,
                outputs: action.outputs(in: graph, store) { name in
                    plan.outputs[index].first { $0.name == name }?.digest
                })
        }
    }

    /// Some actions, as a list of results has them; without those that it lacks.
    func facts(of actions: [Int], in list: ResultList) -> [ActionFacts] {
        actions.compactMap { index in
            let action = graph.actions[index]
            guard list[action.name] != nil else { return nil }
            return ActionFacts(
                name: action.name, coordinates: action.coordinates, parameters: action.parameters,
                state: "done", outputs: list.outputs(of: action, in: graph, store))
        }
    }

    private func state(of index: Int) -> String {
        if case .cached = plan.states[index] { return "done" }
        return lastStates[graph.actions[index].name] == "failed" ? "failed" : "not run"
    }
}
