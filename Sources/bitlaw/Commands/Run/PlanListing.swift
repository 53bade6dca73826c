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
    private let selection: RunSelection
    private let selected: SelectedActions
    /// How many of the actions are in which state.
    private var counts = (cached: 0, will: 0, may: 0, again: 0)
    /// How many lines of a stage are printed, unless all are asked for; the others are counted.
    private static let mostLines = 50
    /// How many lines for people each stage has so far.
    private var lineCounts: [Int: Int] = [:]
    /// How many of the cached actions each layer of the store has.
    private var places: [Int: Int] = [:]

    private init(
        _ graph: ActionGraph, _ store: Store, _ selection: RunSelection, _ offers: RemoteOffers?
    ) throws {
        (self.graph, self.store, self.offers) = (graph, store, offers)
        self.selection = selection
        plan = try Plan.make(
            graph: graph, store: store, registry: allKinds, check: .headers, keepsResults: false)
        explainer = Explainer(plan: plan, graph: graph, store: store, registry: allKinds)
        var selected = try selection.actions(of: graph)
        try selected.requireInputs(plan, graph)
        self.selected = selected
    }

    /// Says what this machine could never execute.
    private func warnOfRoom(_ jobs: Int) {
        let actions = graph.actions.indices.filter { index in
            let isCached = if case .cached = plan.states[index] { true } else { false }
            return selected.wanted[index] && selected.mayRun(index) && !isCached
        }
        for lack in Engine.lacks(actions, in: graph, jobs: jobs, machine: .here(for: .person)) {
            Output.error("warning: \(lack)\n")
        }
    }

    /// Prints the plan of an experiment; each action as soon as its reasons are known.
    ///
    /// - Returns: the plan.
    @discardableResult
    static func show(
        _ graph: ActionGraph, _ store: Store, _ selection: RunSelection, _ options: StoreOptions,
        offers: RemoteOffers? = nil
    ) throws -> Plan {
        let remarks = ExperimentRemarks(graph: graph)
        remarks.show()
        var listing = try PlanListing(graph, store, selection, offers)
        let jobs = Processors.count
        let expected = listing.plan.expectedSeconds(
            graph, wanted: listing.selected.wanted, jobs: jobs,
            history: DurationHistory(store: store, experiment: graph.experiment))
        var entries: [JSON] = []
        for action in graph.actions where listing.selected.wanted[action.index] {
            let isFull = listing.lineCounts[action.stage, default: 0] >= mostLines
            let isShown = options.json || options.verbose || !isFull
            let entry = try listing.add(action, isExplained: isShown)
            if options.json {
                let members: [String: JSON] = [
                    "action": .string(action.name),
                    "key": listing.plan.keys[action.index].map { .string($0.hex) } ?? .null,
                ]
                entries.append(.object(members.merging(entry.members) { first, _ in first }))
            } else if !entry.isQuiet || options.verbose {
                listing.lineCounts[action.stage, default: 0] += 1
                if isShown { Output.line(entry.line) }
            }
        }
        if !options.json && !options.verbose { listing.countedLines.forEach(Output.line) }
        listing.warnOfRoom(jobs)
        guard options.json else {
            listing.lines(expected, jobs).forEach(Output.line)
            return listing.plan
        }
        Output.document(
            .object(
                [
                    "actions": .array(entries), "expectedSeconds": .number(expected),
                    "remotes": offers?.json ?? .null,
                    "checks": .object(
                        Dictionary(
                            uniqueKeysWithValues: listing.checks.map { name, checks in
                                (name, JSON.array(checks.map { .string($0.rawValue) }))
                            })),
                    "promises": .object(
                        Dictionary(uniqueKeysWithValues: listing.promises.map { ($0, $1.json) })),
                ].merging(remarks.members) { first, _ in first }), .plan)
        return listing.plan
    }

    /// How many lines of each stage were not printed.
    private var countedLines: [String] {
        lineCounts.sorted { $0.key < $1.key }.filter { $0.value > PlanListing.mostLines }.map {
            "\(graph.stages[$0.key].name): \($0.value - PlanListing.mostLines) more of "
                + "\(counted($0.value, "action")) not listed; --verbose lists all"
        }
    }

    /// What `--only` and `--from` select.
    private var selectionLines: [String] {
        let names = graph.stages.indices.filter { stage in
            selected.named.contains { graph.actions[$0].stage == stage }
        }.map { graph.stages[$0].name }
        let what =
            "\(counted(selected.named.count, "action")) of \(counted(names.count, "stage")) "
            + "(\(names.joined(separator: ", ")))"
        switch selection.choice {
        case .targets: return []
        case .only: return ["--only selects \(what); what they read is cached"]
        case .from:
            let others = selected.wanted.count { $0 } - selected.named.count
            return ["--from selects \(what), and \(counted(others, "action")) that they need"]
        }
    }

    private var selectedStages: [Int] {
        let wanted = selected.wanted
        return Set(graph.actions.lazy.filter { wanted[$0.index] }.map { $0.stage }).sorted()
    }

    /// The selected stages that do not promise every bit.
    private var promises: [(name: String, promise: BitPromise)] {
        selectedStages.map { (graph.stages[$0].name, graph.stages[$0].rules.promise) }
            .filter { $0.1 != BitPromise() }
    }

    /// The selected stages whose new results are checked.
    private var checks: [(name: String, checks: [ResultCheck])] {
        selectedStages.map {
            (graph.stages[$0].name, graph.stages[$0].rules.checks.inOrder)
        }
        .filter { !$0.1.isEmpty }
    }

    /// What is told at the end, for people.
    private func lines(_ expected: Double, _ jobs: Int) -> [String] {
        var lines = selectionLines
        for (layer, count) in places.sorted(by: { $0.key < $1.key }) where layer > 0 {
            lines.append("\(count) of the cached in \(store.path(ofLayer: layer))")
        }
        lines += offers?.lines ?? []
        lines += promises.flatMap { name, promise in promise.lines.map { "bits of \(name): \($0)" }
        }
        lines += checks.flatMap { name, checks in
            checks.map { "new results of \(name): \($0.text)" }
        }
        var text = "\(counts.cached) cached, \(counts.will) to run, \(counts.may) maybe"
        if counts.again > 0 { text += ", \(counts.again) again" }
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
        let isQuiet: Bool
        /// For programs.
        let members: [String: JSON]

        init(_ line: String, isQuiet: Bool = false, _ members: [String: JSON]) {
            self.line = line
            self.isQuiet = isQuiet
            self.members = members
        }
    }

    /// Counts an action, and says what would become of it; the reasons cost time, and are found out where
    /// they are told.
    private mutating func add(_ action: Action, isExplained: Bool) throws -> Entry {
        if let remote = offers?.remote[action.index] {
            return Entry(
                "fetch  \(action.name)  from \(remote)",
                ["state": "remote", "remote": .string(remote)])
        }
        if action.frozen != nil { return addFrozen(action) }
        switch plan.states[action.index] {
        case .cached(let layer): return addCached(action, layer)
        case .willRun:
            counts.will += 1
            guard isExplained else { return Entry("", [:]) }
            let reasons = try explainer.explain(action.index).reasons
            let more = reasons.count > 1 ? " (and \(reasons.count - 1) more)" : ""
            return Entry(
                "run    \(action.name)  \(reasons.first?.text ?? "")\(more)",
                ["state": "willRun", "reasons": .array(reasons.map { .string($0.text) })])
        case .mayRun(let after):
            counts.may += 1
            let name = graph.actions[after].name
            let partial = action.isPartial ? ", partial: with those that give a result" : ""
            return Entry(
                "maybe  \(action.name)  after \(name)\(partial)",
                [
                    "state": "mayRun", "after": .string(name), "partial": .bool(action.isPartial),
                ])
        }
    }

    private mutating func addFrozen(_ action: Action) -> Entry {
        if case .cached = plan.states[action.index] {
            counts.cached += 1
            return Entry(
                "frozen \(action.name)  as the lock file says; not executed", ["state": "frozen"])
        }
        counts.will += 1
        return Entry(
            "frozen \(action.name)  but its outputs are not in the store: it will fail unless a "
                + "remote has them", ["state": "frozenMissing"])
    }

    private mutating func addCached(_ action: Action, _ layer: Int) -> Entry {
        if selected.repeated.contains(action.index) {
            counts.again += 1
            return Entry(
                "again  \(action.name)  --force: executed again and compared", ["state": "again"])
        }
        counts.cached += 1
        places[layer, default: 0] += 1
        let place = store.path(ofLayer: layer)
        guard let lacking = plan.lacking[action.index] else {
            return Entry(
                "cached \(action.name)  in \(place)", isQuiet: true,
                ["state": "cached", "store": .string(place)])
        }
        let names = lacking.map { graph.actions[$0].name }
        return Entry(
            "partial \(action.name)  cached without \(firstFew(names)); runs again if one of them "
                + "gives a result",
            [
                "state": "cached", "store": .string(place),
                "without": .array(names.map { .string($0) }),
            ])
    }
}
