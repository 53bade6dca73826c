import Canon
import Experiment
import LocalStore
import Run
import System

/// What would run, and why: what `plan` and `run -n` print.
struct PlanListing {
    private let graph: ActionGraph
    private let store: Store
    private let plan: Plan
    private let explainer: Explainer
    private let offers: RemoteOffers?
    private let wanted: [Bool]
    /// How many of the actions are in which state.
    private var counts = (cached: 0, will: 0, may: 0)
    /// How many of the cached actions each layer of the store has.
    private var places: [Int: Int] = [:]

    private init(
        _ graph: ActionGraph, _ store: Store, _ targets: Targets, _ offers: RemoteOffers?
    ) throws {
        (self.graph, self.store, self.offers) = (graph, store, offers)
        wanted = try targets.wanted(in: graph)
        plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        explainer = try Explainer(plan: plan, graph: graph, store: store, registry: allKinds)
    }

    /// Prints the plan of an experiment; each action as soon as its reasons are known.
    static func show(
        _ graph: ActionGraph, _ store: Store, _ targets: Targets, _ options: StoreOptions,
        offers: RemoteOffers? = nil
    ) throws {
        let remarks = ExperimentRemarks(graph: graph)
        remarks.show()
        var listing = try PlanListing(graph, store, targets, offers)
        let jobs = Processors.count
        let expected = listing.plan.expectedSeconds(
            graph, wanted: listing.wanted, jobs: jobs,
            history: DurationHistory(store: store, experiment: graph.experiment))
        var entries: [JSON] = []
        for action in graph.actions where listing.wanted[action.index] {
            let entry = try listing.add(action)
            if options.json {
                entries.append(.object(entry.members))
            } else if !entry.isQuiet || options.verbose {
                Output.line(entry.line)
            }
        }
        guard options.json else {
            return listing.lines(expected, jobs).forEach(Output.line)
        }
        Output.line(
            JSON.object(
                [
                    "actions": .array(entries), "expectedSeconds": .number(expected),
                    "remotes": offers?.json ?? .null,
                ].merging(remarks.members) { first, _ in first }
            ).canonicalText)
    }

    /// What is told at the end, for people.
    private func lines(_ expected: Double, _ jobs: Int) -> [String] {
        var lines: [String] = []
        for (layer, count) in places.sorted(by: { $0.key < $1.key }) where layer > 0 {
            lines.append("\(count) of the cached in \(store.path(ofLayer: layer))")
        }
        lines += offers?.lines ?? []
        var text = "\(counts.cached) cached, \(counts.will) to run, \(counts.may) maybe"
        // What is fetched is not executed: the estimate is of a run without remotes.
        if expected > 0, offers?.remote.isEmpty ?? true {
            text += "; about \(Duration.text(expected)) with \(counted(jobs, "worker"))"
        }
        return lines + [text]
    }
}

// MARK: An action

extension PlanListing {
    /// What is told of one action.
    private struct Entry {
        /// For people.
        let line: String
        /// Whether people see it only with `--verbose`.
        var isQuiet = false
        /// For programs.
        let members: [String: JSON]
    }

    /// Counts an action, and says what would become of it.
    private mutating func add(_ action: Action) throws -> Entry {
        let common: [String: JSON] = [
            "action": .string(action.name),
            "key": plan.keys[action.index].map { .string($0.hex) } ?? .null,
        ]
        func entry(_ line: String, isQuiet: Bool = false, _ members: [String: JSON]) -> Entry {
            Entry(
                line: line, isQuiet: isQuiet, members: common.merging(members) { first, _ in first }
            )
        }
        if let remote = offers?.remote[action.index] {
            return entry(
                "fetch  \(action.name)  from \(remote)",
                ["state": "remote", "remote": .string(remote)])
        }
        switch plan.states[action.index] {
        case .cached(let layer):
            counts.cached += 1
            places[layer, default: 0] += 1
            let place = store.path(ofLayer: layer)
            return entry(
                "cached \(action.name)  in \(place)", isQuiet: true,
                ["state": "cached", "store": .string(place)])
        case .willRun:
            counts.will += 1
            let reasons = try explainer.explain(action.index).reasons
            let more = reasons.count > 1 ? " (and \(reasons.count - 1) more)" : ""
            return entry(
                "run    \(action.name)  \(reasons.first?.text ?? "")\(more)",
                ["state": "willRun", "reasons": .array(reasons.map { .string($0.text) })])
        case .mayRun(let after):
            counts.may += 1
            let name = graph.actions[after].name
            return entry(
                "maybe  \(action.name)  after \(name)", ["state": "mayRun", "after": .string(name)])
        }
    }
}
