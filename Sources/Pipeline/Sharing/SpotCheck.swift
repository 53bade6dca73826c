package import Cache

/// Makes a sample of what came from elsewhere again, and compares the bits.
package enum SpotCheck {
    /// Chooses a share of actions, at least one: by their keys, so that nobody who serves results can
    /// know which, nor can chance be blamed. `salt` is drawn anew for each check.
    package static func sample(
        _ actions: [(index: Int, key: Digest)], share: Double, salt: UInt64
    ) -> [Int] {
        guard share > 0, !actions.isEmpty else { return [] }
        let count = max(1, Int((Double(actions.count) * share).rounded(.up)))
        let ranked = actions.map { action in
            (
                rank: Digest(of: Array("\(salt) \(action.key.hex)".utf8).span),
                index: action.index
            )
        }.sorted { $0.rank < $1.rank }
        return ranked.prefix(count).map { $0.index }.sorted()
    }

    /// Makes actions of a graph again, apart from the store that has their results, and compares.
    ///
    /// A result that differs is kept beside the one that was fetched, so that `why` shows both.
    /// - Throws: ``StoreError``; a difference is a result, not an error.
    package static func run(
        _ actions: [Int], graph: ActionGraph, store: Store, registry: KindRegistry,
        options: RunOptions, observe: @escaping (RunEvent) -> Void
    ) throws -> [AuditDifference] {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        let cached = actions.filter { index in
            if case .cached = plan.states[index] { true } else { false }
        }
        let scratch = try store.makeAttemptFolder()
        defer { scratch.remove() }
        let apart = try BlobGraph.make(
            cached, graph: graph, plan: plan, store: store, in: scratch.path)
        let fresh = try Store.open("\(scratch.path)/store")
        var failures: [Int: String] = [:]
        var options = options
        options.transfer = []
        options.targets = []
        let engine = try Engine(
            graph: apart, store: fresh, registry: registry, options: options
        ) { event in
            if case .failed(let index, let reason, _) = event { failures[index] = reason }
            observe(event.renumbered { cached[$0] })
        }
        _ = try engine.run()
        var differences: [AuditDifference] = []
        for (place, index) in cached.enumerated() {
            let name = graph.actions[index].name
            let kind = graph.stage(of: graph.actions[index]).kind.name
            if let reason = failures[place] {
                differences.append(
                    AuditDifference(
                        action: name, kind: kind, output: "", expected: "a result", found: reason))
                continue
            }
            let again = engine.outputs(of: place)
            let before = differences.count
            for output in plan.outputs[index] {
                let found = again.first { $0.name == output.name }?.digest
                if found != output.digest {
                    differences.append(
                        AuditDifference(
                            action: name, kind: kind, output: output.name,
                            expected: output.digest.hex, found: found?.hex ?? "nothing"))
                }
            }
            if differences.count > before, let key = plan.keys[index],
                let result = try fresh.result(for: key)?.result
            {
                for output in result.outputs {
                    if let bytes = try fresh.bytes(of: output.digest) { try store.put(bytes) }
                }
                try store.publish(result)
            }
        }
        return differences
    }
}
