import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run

/// Says what would run.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what would run, why, what is cached and where, and how long it may take.",
        discussion: """
            EXAMPLE
              bitlaw plan pipelines/spiral.yaml
              bitlaw plan pipelines/spiral.yaml --remotes   # what would come from elsewhere
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "Actions or stages (default: all).")
    var targets: [String] = []

    @Flag(name: .long, help: "Ask the remotes what they have, and say how much would be fetched.")
    var remotes = false

    func run() throws {
        let (graph, store) = try options.open()
        var offers: RemoteOffers?
        if remotes { offers = try RemoteOffers(graph, store, targets: targets) }
        try PlanCommand.show(graph, store, targets: targets, options.common, offers: offers)
    }

    /// Prints the plan of an experiment.
    static func show(
        _ graph: ActionGraph, _ store: Store, targets: [String], _ options: StoreOptions,
        offers: RemoteOffers? = nil
    ) throws {
        let json = options.json
        let wanted = try Targets.select(targets, in: graph)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let jobs = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let expected = plan.expectedSeconds(
            graph, wanted: wanted, jobs: jobs,
            history: DurationHistory(store: store, experiment: graph.experiment))
        var counts = (cached: 0, will: 0, may: 0)
        var places: [Int: Int] = [:]
        var entries: [JSON] = []
        for action in graph.actions where wanted[action.index] {
            var entry: [String: JSON] = [
                "action": .string(action.name),
                "key": plan.keys[action.index].map { .string($0.hex) } ?? .null,
            ]
            if let remote = offers?.remote[action.index] {
                entry["state"] = "remote"
                entry["remote"] = .string(remote)
                if !json { Output.line("fetch  \(action.name)  from \(remote)") }
                entries.append(.object(entry))
                continue
            }
            switch plan.states[action.index] {
            case .cached(let layer):
                counts.cached += 1
                entry["state"] = "cached"
                let place = store.path(ofLayer: layer)
                entry["store"] = .string(place)
                places[layer, default: 0] += 1
                if options.verbose && !json { Output.line("cached \(action.name)  in \(place)") }
            case .willRun:
                counts.will += 1
                entry["state"] = "willRun"
                let why = try Why.explain(
                    action.index, plan: plan, graph: graph, store: store, registry: allKinds)
                entry["reasons"] = .array(why.reasons.map { .string($0.text) })
                if !json {
                    Output.line(
                        "run    \(action.name)  \(why.reasons.first?.text ?? "")"
                            + (why.reasons.count > 1 ? " (and \(why.reasons.count - 1) more)" : ""))
                }
            case .mayRun(let after):
                counts.may += 1
                entry["state"] = "mayRun"
                entry["after"] = .string(graph.actions[after].name)
                if !json {
                    Output.line("maybe  \(action.name)  after \(graph.actions[after].name)")
                }
            }
            entries.append(.object(entry))
        }
        if json {
            Output.line(
                JSON.object([
                    "actions": .array(entries), "expectedSeconds": .number(expected),
                    "remotes": offers?.json ?? .null,
                ]).canonicalText)
            return
        }
        for (layer, count) in places.sorted(by: { $0.key < $1.key }) where layer > 0 {
            Output.line("\(count) of the cached in \(store.path(ofLayer: layer))")
        }
        var text = "\(counts.cached) cached, \(counts.will) to run, \(counts.may) maybe"
        for line in offers?.lines ?? [] { Output.line(line) }
        if offers != nil && !(offers?.remote.isEmpty ?? true) {
            // What is fetched is not executed: the estimate is of a run without remotes.
            Output.line(text)
            return
        }
        if expected > 0 { text += "; about \(Duration.text(expected)) with \(jobs) workers" }
        Output.line(text)
    }
}
