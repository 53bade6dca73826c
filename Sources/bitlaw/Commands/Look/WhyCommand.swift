import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Run
import System
import Trust

/// Says which fields of a key differ from the last run.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say which field of an action's key differs from the last run.",
        discussion: """
            EXAMPLE
              bitlaw why pipelines/spiral.yaml 'data[samples=1000,replicate=0]'
              bitlaw why pipelines/spiral.yaml law --against /shared/colleague/.cache
              bitlaw why pipelines/spiral.yaml law --against https://cache.example.org/bitlaw
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "An action, or a stage for all its actions.")
    var action: String

    @Option(
        name: .long,
        help: "Compare with the nearest key there: a remote's name, a folder, or an address.")
    var against: String?

    @Option(name: .long, help: "With --against: among the results of this tag alone.")
    var tag: String?

    func run() throws {
        if tag != nil && against == nil {
            throw UsageError(text: "--tag: expected --against with it, which says whose tag it is")
        }
        let (graph, store) = try options.open()
        if let against { return try compare(against, graph, store) }
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in try Targets.find(action, in: graph) {
            let why = try Why.explain(
                index, plan: plan, graph: graph, store: store, registry: allKinds)
            if options.common.json {
                Output.line(
                    JSON.object([
                        "action": .string(why.action),
                        "key": why.key.map { .string($0.hex) } ?? .null,
                        "seed": why.seed.map { .string($0) } ?? .null,
                        "comparedWith": why.comparedWith.map { .string($0) } ?? .null,
                        "reasons": .array(why.reasons.map { .string($0.text) }),
                        "results": .array(
                            try SeveralResults.of(why.key, store).map { $0.result.json }),
                    ]).canonicalText)
                continue
            }
            Output.line(why.action)
            Output.line("  key   \(why.key?.hex ?? "not known before what it reads has run")")
            if let seed = why.seed { Output.line("  seed  \(seed)") }
            if let run = why.comparedWith { Output.line("  compared with run \(run)") }
            for reason in why.reasons { Output.line("  - \(reason.text)") }
            try SeveralResults.show(why.key, store)
        }
    }

    /// The nearest key of another store, and the fields that differ.
    private func compare(_ name: String, _ graph: ActionGraph, _ store: Store) throws {
        let actions = try Targets.find(action, in: graph)
        let theirs = try TheirResults(
            name, tag: tag,
            kinds: Set(actions.map { graph.stage(of: graph.actions[$0]).kind.name }),
            graph: graph, store: store)
        defer { theirs.remove() }
        let other = theirs.store
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in actions {
            let nearest = try NearestKey.find(
                for: index, plan: plan, graph: graph, store: store, registry: allKinds,
                against: other)
            let key = plan.keys[index]
            if options.common.json {
                Output.line(
                    JSON.object([
                        "action": .string(graph.actions[index].name),
                        "key": key.map { .string($0.hex) } ?? .null,
                        "nearest": nearest.map { .string($0.key.hex) } ?? .null,
                        "reasons": .array((nearest?.reasons ?? []).map { .string($0.text) }),
                    ]).canonicalText)
                continue
            }
            Output.line(graph.actions[index].name)
            Output.line("  key      \(key?.hex ?? "not known before what it reads has run")")
            guard let nearest else {
                Output.line("  nothing of its kind there to compare with")
                continue
            }
            Output.line("  nearest  \(nearest.key.hex), made \(nearest.result.madeAt)")
            if nearest.reasons.isEmpty {
                Output.line("  - nothing: the key is the same, and its result is there")
            }
            // Somebody else's words: nothing in them may steer the terminal.
            for reason in nearest.reasons { Output.line("  - \(visible(reason.text, most: 2000))") }
            if nearest.reasons.isEmpty, let own = try store.result(for: nearest.key)?.result {
                for output in own.outputs {
                    let theirs = nearest.result.output(output.name)?.digest
                    guard theirs != output.digest else { continue }
                    Output.line(
                        "  - but output \(output.name) has other bits: theirs "
                            + "\(theirs?.short ?? "(none)"), ours \(output.digest.short)")
                }
            }
        }
    }
}

/// Results with different bits under one key, and who signed which.
enum SeveralResults {
    /// All of them, with their signers' names; empty where there is one result or none.
    static func of(_ key: Digest?, _ store: Store) throws -> [(result: ActionResult, by: [String])]
    {
        guard let key else { return [] }
        let found = try store.candidates(for: key, layer: 0)
        if found.count < 2 { return [] }
        let keys = TrustPolicy(required: 1, signers: try KeyStore().trusted)
        return try found.map { ($0, keys.approvers(of: try store.signed($0))) }
    }

    static func show(_ key: Digest?, _ store: Store) throws {
        let results = try of(key, store)
        if results.isEmpty { return }
        Output.line("  \(results.count) results with different bits stand under this key:")
        for (place, (result, names)) in results.enumerated() {
            let signers =
                names.isEmpty
                ? "signed by nobody you trust" : "signed by \(names.joined(separator: ", "))"
            Output.line(
                "    \(place == 0 ? "first" : "other")  made \(result.madeAt), \(signers)")
            for output in result.outputs {
                let isDifferent = results.contains {
                    $0.result.output(output.name)?.digest != output.digest
                }
                Output.line(
                    "      \(output.name)  \(output.digest.short)  \(output.size) bytes"
                        + (isDifferent ? "  differs" : ""))
            }
        }
        Output.line("    fix: bitlaw audit makes it again here and says which of them is right")
    }
}
