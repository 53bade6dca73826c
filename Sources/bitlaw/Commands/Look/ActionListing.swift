import Canon
import Evidence
import Experiment
import Run
import Workbench

/// Many actions as people look at them: for each stage a summary, then a row an action.
struct ActionListing {
    private let graph: ActionGraph
    /// The actions by their stage, in the order in which they were named.
    private let stages: [(name: String, actions: [Int])]
    private let common: StoreOptions

    init(_ graph: ActionGraph, _ actions: [Int], _ common: StoreOptions) {
        self.graph = graph
        self.common = common
        var places: [Int: Int] = [:]
        var stages: [(name: String, actions: [Int])] = []
        for index in actions {
            let stage = graph.actions[index].stage
            if places[stage] == nil {
                places[stage] = stages.count
                stages.append((graph.stages[stage].name, []))
            }
            stages[places[stage] ?? 0].actions.append(index)
        }
        self.stages = stages
    }

    /// What has run, what it took, and the digest of its first output.
    func show(_ known: KnownActions) throws {
        var text = ""
        for stage in stages {
            let facts = known.facts(of: stage.actions)
            let isFrozen = stage.actions.map { graph.actions[$0].frozen != nil }
            let states = zip(facts, isFrozen).map { $1 && $0.state == "done" ? "frozen" : $0.state }
            let counts = ["done", "frozen", "failed", "not run"].compactMap { state -> String? in
                let count = states.count { $0 == state }
                return count == 0 ? nil : "\(count) \(state)"
            }
            let seconds = facts.reduce(0) { $0 + ($1.seconds ?? 0) }
            text += "\(stage.name): \(counted(facts.count, "action")), "
            text += counts.joined(separator: ", ")
            text += seconds > 0 ? "; \(Duration.text(seconds)) together\n" : "\n"
            text += table(
                facts,
                [
                    ("state", states.map { .string($0) }),
                    ("seconds", facts.map { $0.seconds.map { .number($0) } ?? .null }),
                    (
                        "digest",
                        facts.map { $0.outputs.first.map { .string($0.digest.hex) } ?? .null }
                    ),
                ])
        }
        try print(text)
    }

    /// How many actions have each reason, and the reasons of each.
    func show(_ reasons: [Why], _ plan: Plan) throws {
        var text = ""
        let named = Dictionary(reasons.map { ($0.action, $0) }) { first, _ in first }
        if let run = reasons.first?.comparedWith { text += "compared with run \(run)\n" }
        for stage in stages {
            let facts = stage.actions.map { index in
                ActionFacts(
                    name: graph.actions[index].name, coordinates: graph.actions[index].coordinates,
                    state: "", outputs: [])
            }
            var order: [String] = []
            var counts: [String: Int] = [:]
            let whys = stage.actions.map { named[graph.actions[$0].name]?.reasons ?? [] }
            for topic in whys.flatMap({ reasons in Set(reasons.map { $0.topic }).sorted() }) {
                if counts[topic] == nil { order.append(topic) }
                counts[topic, default: 0] += 1
            }
            text += "\(stage.name): \(counted(facts.count, "action"))\n"
            let width = "\(facts.count)".count
            for topic in order.sorted(by: { (counts[$0] ?? 0) > (counts[$1] ?? 0) }) {
                let count = "\(counts[topic] ?? 0)"
                let gap = String(repeating: " ", count: width - count.count)
                text += "  \(gap)\(count)  \(visible(topic))\n"
            }
            let states = stage.actions.map { index -> JSON in
                if case .cached = plan.states[index] { return "done" }
                return "not run"
            }
            let told = whys.map { reasons -> JSON in
                .string(visible(reasons.map { $0.text }.joined(separator: "; "), most: 400))
            }
            text += table(facts, [("state", states), ("why", told)])
        }
        try print(text)
    }

    private func table(_ facts: [ActionFacts], _ columns: [(name: String, values: [JSON])])
        -> String
    {
        String(
            decoding: ResultTableFormat.text.bytes(ResultTable(listing: facts, columns)),
            as: UTF8.self)
    }

    private func print(_ text: String) throws {
        try Pager.show(text)
        if !common.quiet {
            Output.error("  --details tells each action by itself; so does naming one\n")
        }
    }
}
