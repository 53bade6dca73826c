import Canon
package import Experiment
package import LocalStore

/// How long actions took, from the newest record of their experiment.
package struct DurationHistory: Sendable {
    private var byAction: [String: Double] = [:]
    private var byStage: [String: Double] = [:]

    /// Reads the newest record; without one nothing is known.
    package init(store: Store, experiment: String) {
        guard let record = try? RunHistory.newest(in: store, experiment: experiment)?.record else {
            return
        }
        var sums: [String: (seconds: Double, count: Double)] = [:]
        record.forEachAction { action in
            guard let name = action["name"]?.text, let stage = action["stage"]?.text,
                let seconds = action["seconds"]?.double, seconds > 0
            else { return }
            byAction[name] = seconds
            let old = sums[stage] ?? (0, 0)
            sums[stage] = (old.seconds + seconds, old.count + 1)
        }
        byStage = sums.mapValues { $0.seconds / $0.count }
    }

    /// Whether any action's duration is known.
    package var isEmpty: Bool { byStage.isEmpty }

    /// What the action took, in seconds; for a new point the mean of its stage; `nil` for a new stage.
    package func seconds(of index: Int, in graph: ActionGraph) -> Double? {
        let action = graph.actions[index]
        return byAction[action.name] ?? byStage[graph.stage(of: action).name]
    }
}
