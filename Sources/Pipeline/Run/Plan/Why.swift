package import Canon
package import Experiment
package import LocalStore
import System

/// The explanation of one action.
package struct Why: Sendable {
    /// The action.
    package let action: String
    /// Its key, where it is known.
    package let key: Digest?
    /// Its derived seed.
    package let seed: String?
    /// The run that it is compared with.
    package let comparedWith: String?
    /// What differs.
    package let reasons: [Reason]

    /// Explains an action of a plan against the newest run of the experiment.
    package static func explain(
        _ index: Int, plan: Plan, graph: ActionGraph, store: Store, registry: KindRegistry
    ) throws -> Why {
        let action = plan.action(index, in: graph)
        let newest = try RunHistory.newest(in: store, experiment: graph.experiment)
        let without = (plan.lacking[index] ?? []).map { graph.actions[$0].name }
        func why(_ reasons: [Reason]) -> Why {
            Why(
                action: action.name, key: plan.keys[index], seed: action.seed.map(DerivedSeed.text),
                comparedWith: newest?.name,
                reasons: reasons + (without.isEmpty ? [] : [.partial(without: without)]))
        }
        if action.frozen != nil {
            return why([.frozen(lock: ResultList.lockPath(of: graph.file))])
        }
        if case .mayRun(let after) = plan.states[index] {
            let cause = try explain(
                root(after, plan), plan: plan, graph: graph, store: store, registry: registry)
            return why(
                [.upstream(graph.actions[after].name)] + cause.reasons.map { $0.of(cause.action) })
        }
        let entry = newest?.record["actions"]?.elements?.first { $0["name"]?.text == action.name }
        guard let entry, let old = entry["key"]?.text, let oldKey = try? Digest(hex: old) else {
            return why([.neverRan])
        }
        guard let key = plan.keys[index] else { return why([.neverRan]) }
        if key == oldKey {
            if case .cached = plan.states[index] { return why([.unchanged]) }
            return why([.resultMissing])
        }
        guard let bytes = try store.bytes(of: oldKey), let before = try? JSON(parsing: bytes) else {
            return why([.resultMissing])
        }
        let document = try plan.keyDocument(
            of: index, graph: graph, store: store, registry: registry)
        let after = try JSON(parsing: document.bytes)
        return why(differences(before, after, action, graph))
    }

    private static func root(_ index: Int, _ plan: Plan) -> Int {
        var index = index
        while case .mayRun(let after) = plan.states[index] { index = after }
        return index
    }

    /// The members of two key documents that differ.
    package static func differences(
        _ old: JSON, _ new: JSON, _ action: Action, _ graph: ActionGraph
    )
        -> [Reason]
    {
        var reasons: [Reason] = []
        func text(_ value: JSON?) -> String { value?.text ?? value?.canonicalText ?? "(none)" }
        if old["kind"] != new["kind"] || old["version"] != new["version"] {
            reasons.append(
                .kind(
                    old: "\(text(old["kind"])) version \(text(old["version"]))",
                    new: "\(text(new["kind"])) version \(text(new["version"]))"))
        }
        let (a, b) = (old["parameters"]?.members ?? [:], new["parameters"]?.members ?? [:])
        for name in Set(a.keys).union(b.keys).sorted() where a[name] != b[name] {
            reasons.append(.parameter(name, old: a[name], new: b[name]))
        }
        if old["seed"] != new["seed"] {
            reasons.append(.seed(old: text(old["seed"]), new: text(new["seed"])))
        }
        if old["profile"] != new["profile"] {
            reasons.append(.profile(old: text(old["profile"]), new: text(new["profile"])))
        }
        for input in action.inputs {
            let before = old["inputs"]?[input.port]?.elements ?? []
            let after = new["inputs"]?[input.port]?.elements ?? []
            for place in 0..<max(before.count, after.count) {
                let (x, y) = (
                    place < before.count ? before[place] : nil,
                    place < after.count ? after[place] : nil
                )
                guard x != y else { continue }
                var producer = "(gone)"
                if place < input.sources.count {
                    switch input.sources[place] {
                    case .file(let path): producer = path
                    case .replay(_, let name, _, _): producer = name
                    case .action(let index, _): producer = graph.actions[index].name
                    }
                }
                reasons.append(
                    .input(
                        port: input.port, producer: producer, old: x?["digest"]?.text,
                        new: y?["digest"]?.text))
            }
        }
        return reasons
    }
}
