import Canon
import Evidence
import Experiment
import LocalStore
import Run
import Workbench

/// The page of an experiment whose author wrote none: what is known of its actions, in the order of the file.
struct AutomaticReport {
    private let known: KnownActions
    private let facts: [ActionFacts]

    /// Looks up all actions of an experiment.
    init(_ graph: ActionGraph, _ store: Store) throws {
        known = try KnownActions(graph, store)
        facts = known.facts(of: Array(graph.actions.indices))
    }

    /// The page's bytes.
    func html() throws -> [UInt8] {
        var page = AutomaticPage(
            experiment: known.graph.experiment, stages: stages, outputs: outputs,
            warnings: try warnings(), facts: try provenance())
        return Array(try page.html().utf8)
    }

    /// The stages with how much of them is there.
    private var stages: [StageSummary] {
        let graph = known.graph
        var reads = [Set<Int>](repeating: [], count: graph.stages.count)
        for action in graph.actions {
            for input in action.inputs {
                for case .action(let producer, _) in input.sources {
                    reads[action.stage].insert(graph.actions[producer].stage)
                }
            }
        }
        var first: [Int: Int] = [:]
        for action in graph.actions where first[action.stage] == nil {
            first[action.stage] = action.index
        }
        // Actions are ordered by what they read; so are the stages then.
        let order = graph.stages.indices.filter { first[$0] != nil }
            .sorted { (first[$0] ?? 0) < (first[$1] ?? 0) }
        var summaries = graph.stages.enumerated().map { place, stage in
            StageSummary(
                name: stage.name, kind: stage.kind.versionedName,
                reads: reads[place].sorted().map { graph.stages[$0].name }, axes: stage.axes,
                replicates: stage.axes.filter { graph.replicateAxes.contains($0) })
        }
        for (action, fact) in zip(graph.actions, facts) {
            summaries[action.stage].actions += 1
            if fact.state == "done" { summaries[action.stage].done += 1 }
            if fact.state == "failed" { summaries[action.stage].failed += 1 }
            summaries[action.stage].seconds += fact.seconds ?? 0
        }
        return order.map { summaries[$0] }
    }

    private var outputs: [AutomaticPage.Output] {
        let graph = known.graph
        return zip(graph.actions, facts).flatMap { action, fact in
            fact.outputs.map { input in
                AutomaticPage.Output(
                    input,
                    size: known.plan.outputs[action.index]
                        .first { $0.name == input.output }?.size ?? 0)
            }
        }
    }

    /// What a reader should know before the results.
    private func warnings() throws -> [String] {
        let (graph, plan) = (known.graph, known.plan)
        var warnings: [String] = []
        func tell(_ names: [String], _ what: String) {
            if !names.isEmpty {
                warnings.append("\(counted(names.count, "action")) \(what): \(firstFew(names)).")
            }
        }
        tell(facts.filter { $0.state == "failed" }.map { $0.name }, "failed in the newest run")
        tell(facts.filter { $0.state == "not run" }.map { $0.name }, "without a result")
        tell(
            plan.lacking.keys.sorted().map { graph.actions[$0].name },
            "made from fewer results than its stage reads, for some of these failed (partial)")
        tell(
            graph.actions.indices.filter { plan.results[$0]?.isConfined == false }
                .map { graph.actions[$0].name }, "made by a program that was not confined")
        let account = try Account.known()
        tell(
            graph.actions.indices.filter { plan.results[$0]?.isMade(by: account) == false }
                .map { graph.actions[$0].name }, "not proved to be made by this account")
        for stage in graph.stages where !stage.rules.promise.isDeterministic {
            warnings.append("The stage \(stage.name) does not promise the same bits each time.")
        }
        return warnings
    }

    /// Versions, seeds, digests and times.
    private func provenance() throws -> [(name: String, value: String)] {
        let (graph, plan) = (known.graph, known.plan)
        var facts: [(name: String, value: String)] = [
            ("experiment file", graph.fileInProject),
            ("its SHA-256, with includes and settings", graph.fileDigest.hex),
            (
                "seed",
                "\(graph.seed); the seed of each action follows from it: bitlaw why FILE ACTION"
            ),
            ("page written by", "bitlaw \(BitlawVersion.number)"),
        ]
        if let profile = try graph.profile(allKinds) { facts.append(("arithmetic", profile)) }
        let times = plan.results.compactMap { $0?.madeAt }.sorted()
        if let first = times.first, let last = times.last {
            facts.append(("results made", first == last ? first : "\(first) to \(last)"))
        }
        let seconds = plan.results.reduce(0) { $0 + ($1?.seconds ?? 0) }
        facts.append(("time of all actions together", Duration.text(seconds)))
        guard let run = try RunHistory.newest(in: known.store, experiment: graph.experiment) else {
            return facts
        }
        facts.append(
            ("newest run", "\(run.name), \(run.record.head["outcome"]?.text ?? "no outcome")"))
        let environment = run.record.head["environment"]?.members ?? [:]
        for name in JSON.sorted(environment.keys) {
            if let value = environment[name]?.text { facts.append(("its \(name)", value)) }
        }
        return facts
    }
}
