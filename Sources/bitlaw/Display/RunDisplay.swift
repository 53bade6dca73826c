import Canon
import Experiment
import Glibc
import LocalStore
import Run

/// Shows a run while it goes on.
protocol RunDisplay: AnyObject {
    func show(_ event: RunEvent)
    func end()
}

/// Prints failures and warnings alone.
class QuietDisplay: RunDisplay {
    let graph: ActionGraph
    private(set) var total = 0
    private(set) var done = 0

    init(graph: ActionGraph) { self.graph = graph }

    func name(_ index: Int) -> String { graph.actions[index].name }

    func show(_ event: RunEvent) {
        switch event {
        case .started(let total): self.total = total
        case .cached, .fetched, .finished, .skipped: done += 1
        case .remade: done -= 1
        case .failed(let index, let reason, let log):
            done += 1
            var text = "failed: \(name(index)): \(reason)\n"
            for line in log.split(separator: "\n") { text += "    | \(line)\n" }
            text += "  look deeper: bitlaw show \(graph.file) '\(name(index))'\n"
            say(text)
        case .warning(let text): say("warning: \(text)\n")
        default: break
        }
    }

    /// Prints lines that stay.
    func say(_ text: String) { Output.error(text) }

    func end() {}
}

/// Prints a line for each action that was executed; a verbose one also where the others came from.
final class PlainDisplay: QuietDisplay {
    private let isVerbose: Bool
    private let store: Store

    init(graph: ActionGraph, isVerbose: Bool, store: Store) {
        self.isVerbose = isVerbose
        self.store = store
        super.init(graph: graph)
    }

    override func show(_ event: RunEvent) {
        super.show(event)
        let count = "[\(done)/\(total)]"
        switch event {
        case .cached(let index, let layer) where isVerbose:
            Output.error("\(count) \(name(index))  from \(store.path(ofLayer: layer))\n")
        case .fetched(let index, let remote) where isVerbose:
            Output.error("\(count) \(name(index))  from \(remote)\n")
        case .running(let index, let expected) where isVerbose:
            let about = expected.map { "  about \(Duration.text($0))" } ?? ""
            Output.error("\(count) \(name(index))  begins\(about)\n")
        case .finished(let index, let seconds):
            Output.error("\(count) \(name(index))  \(Duration.text(seconds))\n")
        case .retrying(let index, let reason), .remade(let index, let reason):
            Output.error("\(count) \(name(index))  again: \(reason)\n")
        case .waiting(let index):
            Output.error("\(count) \(name(index))  another process is executing it; waiting\n")
        default: break
        }
    }
}

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
