import Canon
import Experiment
import Run

/// Prints failures and warnings alone.
class QuietDisplay: RunDisplay {
    let graph: ActionGraph
    private(set) var total = 0
    private(set) var done = 0
    /// Failures by what was said of them, and the actions that failed with the same words.
    private var told: [String: (first: Int, others: [Int])] = [:]
    /// How many actions that failed alike are named one by one.
    private static let mostAlike = 3

    init(graph: ActionGraph) { self.graph = graph }

    func name(_ index: Int) -> String { graph.actions[index].name }

    func show(_ event: RunEvent) {
        switch event {
        case .started(let total): self.total = total
        case .cached, .fetched, .finished, .skipped: done += 1
        case .remade: done -= 1
        case .failed(let index, let reason, let log):
            done += 1
            tell(failureOf: index, reason, log)
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

    func end() {
        for (first, others) in told.values.sorted(by: { $0.first < $1.first }) {
            let rest = Array(others.dropFirst(QuietDisplay.mostAlike))
            if rest.isEmpty { continue }
            say(
                "failed as \(name(first)) did: \(counted(rest.count, "more action")), "
                    + "\(firstFew(rest.map(name)))\n")
        }
        told = [:]
    }

    /// Says of a failure all that is known; of one that is the same as another, that it is.
    private func tell(failureOf index: Int, _ reason: String, _ log: String) {
        let words = "\(reason)\n\(log)"
        if let first = told[words]?.first {
            told[words]?.others.append(index)
            if told[words]?.others.count ?? 0 <= QuietDisplay.mostAlike {
                say("failed: \(name(index)): as \(name(first)) did\n")
            }
            return
        }
        told[words] = (index, [])
        var text = "failed: \(name(index)): \(reason)\n"
        for line in log.split(separator: "\n") { text += "    | \(line)\n" }
        text += "  look deeper: bitlaw log \(graph.file) '\(name(index))'\n"
        say(text)
    }
}
