import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Run
import System

/// Says which fields of a key differ from the last run.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say which field of an action's key differs from the last run.",
        discussion: """
            Several actions print a table: how many have each reason, then one row for each action. One \
            action, or --details, prints keys and every line that changed. Of an action that the last run \
            executed it says what had changed since the run before; `bitlaw compare previous newest` puts \
            the numbers of the two side by side.

            EXAMPLE
              bitlaw why pipelines/spiral.yaml train
              bitlaw why pipelines/spiral.yaml 'data[samples=1000,replicate=0]'
              bitlaw why pipelines/spiral.yaml law --against /shared/colleague/.cache
              bitlaw why pipelines/spiral.yaml law --against https://example.org/bitlaw
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(
        name: .long,
        help: "Compare with the nearest key there: a remote's name, a folder, or an address.")
    var against: String?

    @Option(name: .long, help: "With --against: among the results of this tag alone.")
    var tag: String?

    @Flag(help: "Print each of several actions by itself, with all lines that changed.")
    var details = false

    func run() throws {
        if tag != nil && against == nil {
            throw UsageError(text: "--tag: expected --against with it, which says whose tag it is")
        }
        let targets = try chosen.required("why")
        if let against {
            let (graph, store) = try options.open()
            return try compare(against, targets, graph, store)
        }
        // Other results under a key, signatures and the keys of earlier runs are told too.
        try options.look(in: ["actions", "cas", "signatures"]) { try explain(targets, $0, $1) }
    }

    private func explain(_ targets: Targets, _ graph: ActionGraph, _ store: Store) throws -> Plan {
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let explainer = Explainer(plan: plan, graph: graph, store: store, registry: allKinds)
        let actions = try targets.actions(in: graph)
        if actions.count > 1 && !details && !options.common.json {
            let reasons = try actions.map { try explainer.explain($0) }
            try ActionListing(graph, actions, options.common).show(reasons, plan)
            return plan
        }
        let isMadeHere = try explainer.comparedWith.map {
            try store.isRun($0, madeBy: Account.known())
        }
        for index in actions {
            let why = try explainer.explain(index)
            let several = try SeveralResults(why.key, store)
            if options.common.json {
                Output.document(WhyCommand.json(why, several), .why)
            } else {
                for line in WhyCommand.lines(why, isMadeHere ?? true) + several.lines {
                    Output.line(line)
                }
            }
        }
        return plan
    }

    private static func json(_ why: Why, _ several: SeveralResults) -> JSON {
        [
            "action": .string(why.action),
            "key": why.key.map { .string($0.hex) } ?? .null,
            "seed": why.seed.map { .string($0) } ?? .null,
            "comparedWith": why.comparedWith.map { .string($0) } ?? .null,
            "reasons": .array(why.reasons.map { .string($0.text) }),
            "lines": .array(why.reasons.flatMap { $0.details }.map { .string($0) }),
            "confined": several.isConfined.map { .bool($0) } ?? .null,
            "results": .array(several.results.map { $0.result.json }),
        ]
    }

    private static func lines(_ why: Why, _ isMadeHere: Bool) -> [String] {
        var lines = [
            why.action, "  key   \(why.key?.hex ?? "not known before what it reads has run")",
        ]
        if let seed = why.seed { lines.append("  seed  \(seed)") }
        if let run = why.comparedWith {
            lines.append(
                "  compared with run \(run)" + (isMadeHere ? "" : ", not proved to be made here"))
        }
        return lines
            + why.reasons.flatMap { reason in
                ["  - \(reason.text)"] + reason.details.map { "      \($0)" }
            }
    }
}

// MARK: Against another store

extension WhyCommand {
    /// The nearest key of another store, and the fields that differ.
    private func compare(_ name: String, _ targets: Targets, _ graph: ActionGraph, _ store: Store)
        throws
    {
        let actions = try targets.actions(in: graph)
        let theirs = try TheirResults(
            name, tag: tag,
            kinds: Set(actions.map { graph.stage(of: graph.actions[$0]).kind.name }),
            graph: graph, store: store)
        defer { theirs.remove() }
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in actions {
            let nearest = try NearestKey.find(
                for: index, plan: plan, graph: graph, store: store, registry: allKinds,
                against: theirs.store)
            let (name, key) = (graph.actions[index].name, plan.keys[index])
            if options.common.json {
                Output.document(
                    [
                        "action": .string(name), "key": key.map { .string($0.hex) } ?? .null,
                        "nearest": nearest.map { .string($0.key.hex) } ?? .null,
                        "reasons": .array((nearest?.reasons ?? []).map { .string($0.text) }),
                    ], .whyAgainst)
                continue
            }
            Output.line(name)
            Output.line("  key      \(key?.hex ?? "not known before what it reads has run")")
            for line in try WhyCommand.lines(nearest, store) { Output.line(line) }
        }
    }

    private static func lines(_ nearest: NearestKey?, _ store: Store) throws -> [String] {
        guard let nearest else { return ["  nothing of its kind there to compare with"] }
        let place = "  nearest  \(nearest.key.hex), made \(nearest.result.madeAt)"
        guard nearest.reasons.isEmpty else {
            // Somebody else's words: nothing in them may steer the terminal.
            return [place] + nearest.reasons.map { "  - \(visible($0.text, most: 2000))" }
        }
        var lines = [place, "  - nothing differs: the key is the same, and its result is there"]
        for output in try store.result(for: nearest.key)?.result.outputs ?? [] {
            let theirs = nearest.result.output(output.name)?.digest
            guard theirs != output.digest else { continue }
            lines.append(
                "  - but output \(output.name) has other bits: theirs "
                    + "\(theirs?.short ?? "(none)"), ours \(output.digest.short)")
        }
        return lines
    }
}
