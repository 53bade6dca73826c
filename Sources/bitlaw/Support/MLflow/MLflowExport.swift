import Canon
import Experiment
import LocalStore
import Run

/// Brings actions to an MLflow server, each once: what is there already is left as it is.
struct MLflowExport {
    /// What became of an action.
    enum State: String {
        /// It is new there.
        case added
        /// An earlier export broke off in it, and it is whole now.
        case completed
        case unchanged
    }

    /// An action, and the run that it is there.
    struct Outcome {
        let action: String
        let state: State
        let id: String
        let page: String
    }

    let server: MLflowServer
    let graph: ActionGraph
    let store: Store

    /// How many actions are held in memory and under way at once.
    private static let mostAtOnce = 64

    /// Brings the actions of indices that have run.
    ///
    /// - Returns: what MLflow cannot hold, in words.
    func export(_ indices: [Int], of plan: Plan, each: (Outcome) -> Void) throws -> [String] {
        let experiment = try server.experiment(named: graph.experiment)
        let known = try server.runs(ofExperiment: experiment)
        var remarks: [String] = []
        var rest = indices.filter { plan.keys[$0] != nil && !plan.outputs[$0].isEmpty }[...]
        while !rest.isEmpty {
            let runs = try rest.prefix(MLflowExport.mostAtOnce).compactMap { index in
                try plan.keys[index].map { key in
                    try MLflowRun(
                        graph.actions[index], in: graph, key: key, outputs: plan.outputs[index],
                        store: store)
                }
            }
            rest = rest.dropFirst(MLflowExport.mostAtOnce)
            remarks += runs.flatMap { $0.remarks }
            let new = runs.filter { known[$0.identity] == nil }
            var broken: [(run: MLflowRun, id: String)] = []
            for run in runs {
                guard let there = known[run.identity], !there.isFinished else { continue }
                broken.append((run, there.id))
            }
            let made = Array(zip(new, try server.create(new, inExperiment: experiment)))
            try server.complete(made.map { ($0, $1) } + broken)
            let numbers = Dictionary(
                made.map { ($0.identity, $1) }, uniquingKeysWith: { first, _ in first })
            for run in runs {
                let there = known[run.identity]
                guard let id = there?.id ?? numbers[run.identity] else { continue }
                each(
                    Outcome(
                        action: run.identity.action,
                        state: there.map { $0.isFinished ? .unchanged : .completed } ?? .added,
                        id: id,
                        page: server.page(ofRun: id, inExperiment: experiment)))
            }
        }
        return remarks
    }
}
