package import Canon
package import Experiment

extension RunEvent {
    /// The event for programs, with actions by their names; `nil` for a moment that passed.
    package func members(in graph: ActionGraph) -> [String: JSON]? {
        let line: [String: JSON]
        func action(_ index: Int) -> JSON { .string(graph.actions[index].name) }
        switch self {
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
        case .tick: return nil
        }
        return line
    }

    /// Reads what ``members(in:)`` gave, of the events that tell how far an action is; `nil` for any other.
    package init?(json: JSON, index: (String) -> Int?) {
        if json["event"]?.text == "warning", let text = json["text"]?.text {
            self = .warning(text)
            return
        }
        guard let index = json["action"]?.text.flatMap(index) else { return nil }
        switch json["event"]?.text {
        case "running": self = .running(index, expected: json["expectedSeconds"]?.double)
        case "progress":
            self = .progress(
                index,
                StageProgress(
                    done: json["done"]?.integer ?? 0, total: json["total"]?.integer ?? 0,
                    note: json["note"]?.text ?? ""))
        case "retrying": self = .retrying(index, reason: json["reason"]?.text ?? "")
        case "finished": self = .finished(index, seconds: json["seconds"]?.double ?? 0)
        default: return nil
        }
    }
}
