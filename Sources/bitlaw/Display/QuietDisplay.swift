import Canon
import Experiment
import Run

/// Prints failures and warnings alone.
class QuietDisplay: RunDisplay {
    let graph: ActionGraph
    private(set) var total = 0
    private(set) var done = 0
    /// Failures of the same words, but for numbers.
    private struct Alike {
        let first: Int
        let words: FailureWords
        var others: [Int] = []
        /// Whether some of them have other numbers.
        var differs = false
    }

    /// Failures that were told, by the pattern of what was said of them.
    private var told: [String: [Alike]] = [:]
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
        for alike in told.values.joined().sorted(by: { $0.first < $1.first }) {
            let rest = Array(alike.others.dropFirst(QuietDisplay.mostAlike))
            if rest.isEmpty { continue }
            say(
                "failed as \(name(alike.first)) did\(alike.differs ? ", but for numbers" : ""): "
                    + "\(counted(rest.count, "more action")), \(firstFew(rest.map(name)))\n")
        }
        told = [:]
    }

    /// Says of a failure all that is known; of one that is alike another, that it is.
    private func tell(failureOf index: Int, _ reason: String, _ log: String) {
        let words = FailureWords("\(reason)\n\(log)")
        var known = told[words.pattern] ?? []
        for place in known.indices {
            guard let difference = words.difference(from: known[place].words) else { continue }
            known[place].others.append(index)
            known[place].differs = known[place].differs || !difference.isEmpty
            told[words.pattern] = known
            if known[place].others.count <= QuietDisplay.mostAlike {
                say("failed: \(name(index)): as \(name(known[place].first)) did\(difference)\n")
            }
            return
        }
        told[words.pattern] = known + [Alike(first: index, words: words)]
        var text = "failed: \(name(index)): \(reason)\n"
        for line in log.split(separator: "\n") { text += "    | \(line)\n" }
        // Who printed nothing has no log: what it reads may tell more.
        text +=
            log.isEmpty
            ? "  look deeper: bitlaw show \(graph.file) '\(name(index))'   what it reads\n"
            : "  look deeper: bitlaw log \(graph.file) '\(name(index))'\n"
        say(text)
    }
}
