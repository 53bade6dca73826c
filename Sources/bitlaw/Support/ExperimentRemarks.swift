import Canon
import Experiment

/// What a person should know of an experiment before it runs: what was set, and what its file does unasked.
struct ExperimentRemarks {
    let graph: ActionGraph

    /// For people, on the error stream.
    func show() {
        for setting in graph.source.settings { Output.error("set \(setting)\n") }
        for warning in graph.warnings { Output.error(warning.text + "\n") }
    }

    /// For programs; empty where there is nothing to say.
    var members: [String: JSON] {
        var members: [String: JSON] = [:]
        members["settings"] = graph.source.json["settings"]
        members["includes"] = graph.source.json["includes"]
        if !graph.warnings.isEmpty {
            members["warnings"] = .array(graph.warnings.map { .string($0.text) })
        }
        return members
    }
}
