import Canon
import Experiment
import Run

/// One JSON object a line for each event.
final class JSONDisplay: RunDisplay {
    let graph: ActionGraph

    init(graph: ActionGraph) { self.graph = graph }

    func end() {}

    func show(_ event: RunEvent) {
        var line: [String: JSON]
        func action(_ index: Int) -> JSON { .string(graph.actions[index].name) }
        switch event {
        case .started(let total): line = ["event": "started", "total": .number(Double(total))]
        case .cached(let index, let layer):
            line = ["event": "cached", "action": action(index), "layer": .number(Double(layer))]
        case .fetched(let index, let remote):
            line = ["event": "fetched", "action": action(index), "remote": .string(remote)]
        case .running(let index, let expected):
            line = [
                "event": "running", "action": action(index),
                "expectedSeconds": expected.map { .number($0) } ?? .null,
            ]
        case .progress(let index, let progress):
            line = [
                "event": "progress", "action": action(index),
                "done": .number(Double(progress.done)), "total": .number(Double(progress.total)),
                "note": .string(progress.note),
            ]
        case .finished(let index, let seconds):
            line = ["event": "finished", "action": action(index), "seconds": .number(seconds)]
        case .failed(let index, let reason, let log):
            line = [
                "event": "failed", "action": action(index), "reason": .string(reason),
                "log": .string(log),
            ]
        case .skipped(let index, let because):
            line = ["event": "skipped", "action": action(index), "because": action(because)]
        case .partial(let index, let without):
            line = [
                "event": "partial", "action": action(index), "without": .array(without.map(action)),
            ]
        case .waiting(let index): line = ["event": "waiting", "action": action(index)]
        case .retrying(let index, let reason):
            line = ["event": "retrying", "action": action(index), "reason": .string(reason)]
        case .remade(let index, let reason):
            line = ["event": "remade", "action": action(index), "reason": .string(reason)]
        case .warning(let text): line = ["event": "warning", "text": .string(text)]
        case .tick: return
        }
        line["experiment"] = .string(graph.experiment)
        Output.line(JSON.object(line).canonicalText)
    }
}
