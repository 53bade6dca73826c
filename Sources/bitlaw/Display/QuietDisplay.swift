import Canon
import Experiment
import Run

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
            text += "  look deeper: bitlaw log \(graph.file) '\(name(index))'\n"
            say(text)
        case .partial(let index, let without):
            say(
                "partial: \(name(index)) goes on without \(firstFew(without.map(name))): no result\n"
            )
        case .retrying(let index, let reason): say("again: \(name(index)): \(reason)\n")
        case .warning(let text): say("warning: \(text)\n")
        default: break
        }
    }

    /// Prints lines that stay.
    func say(_ text: String) { Output.error(text) }

    func end() {}
}
