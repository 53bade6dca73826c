package import Cache

/// A result that came out differently when it was made again.
package struct AuditDifference: Sendable, Equatable {
    /// The action.
    package let action: String
    /// Its kind.
    package let kind: String
    /// The output; empty where the action failed.
    package let output: String
    /// The digest in the store.
    package let expected: String
    /// The digest of the rerun, or why there is none.
    package let found: String
}

/// Reruns actions apart from the store that is audited, and compares every output digest.
package struct Audit: Sendable {
    /// The actions that were executed again.
    package let checked: [String]
    /// The actions of the sample that the audited store has no result of.
    package let missing: [String]
    /// Every output that differs.
    package let differences: [AuditDifference]

    /// Audits all actions, or an evenly spread sample.
    ///
    /// Each is executed in a fresh store that reads only its inputs' bytes from the audited one,
    /// so that no result can vouch for itself.
    ///
    /// - Throws: ``StoreError``; a difference is a result, not an error.
    package static func run(
        graph: ActionGraph, store: Store, registry: KindRegistry, sample: Int?, scratch: String,
        options: RunOptions, observe: @escaping (RunEvent) -> Void
    ) throws -> Audit {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        // A measurement gives other numbers each time: it is an input to what is audited, like a download.
        var chosen = graph.actions.indices.filter {
            let kind = graph.stage(of: graph.actions[$0]).kind
            return kind.name != SourceFetch.kind.name && !kind.isMeasurement
        }
        if let sample, sample < chosen.count {
            chosen = (0..<max(1, sample)).map { chosen[$0 * chosen.count / max(1, sample)] }
        }
        var missing: [String] = []
        var differences: [AuditDifference] = []
        var checked: [String] = []
        let audited = chosen.filter { index in
            if case .cached = plan.states[index] { return true }
            missing.append(graph.actions[index].name)
            return false
        }
        // One graph whose actions read blobs alone: every action stands by itself.
        let apart = try BlobGraph.make(audited, graph: graph, plan: plan, store: store, in: scratch)
        let fresh = try Store.open("\(scratch)/store")
        var failures: [Int: String] = [:]
        let engine = try Engine(
            graph: apart, store: fresh, registry: registry, options: options
        ) { event in
            if case .failed(let index, let reason, _) = event { failures[index] = reason }
            observe(event.renumbered { audited[$0] })
        }
        _ = try engine.run()
        for (place, index) in audited.enumerated() {
            let action = graph.actions[index]
            checked.append(action.name)
            let kind = graph.stage(of: action).kind.name
            if let reason = failures[place] {
                differences.append(
                    AuditDifference(
                        action: action.name, kind: kind, output: "", expected: "a result",
                        found: reason))
                continue
            }
            let again = engine.outputs(of: place)
            for output in plan.outputs[index] {
                let found = again.first { $0.name == output.name }?.digest
                if found != output.digest {
                    differences.append(
                        AuditDifference(
                            action: action.name, kind: kind, output: output.name,
                            expected: output.digest.hex, found: found?.hex ?? "nothing"))
                }
            }
        }
        return Audit(checked: checked, missing: missing, differences: differences)
    }
}

/// Turns chosen actions into a graph without edges: their inputs become files of their own.
enum BlobGraph {
    static func make(
        _ chosen: [Int], graph: ActionGraph, plan: Plan, store: Store, in folder: String
    ) throws -> ActionGraph {
        var placed: [Digest: String] = [:]
        var actions: [Action] = []
        for (place, index) in chosen.enumerated() {
            let action = graph.actions[index]
            let inputs = try action.inputs.map { input in
                ActionInput(
                    port: input.port, isCollection: input.isCollection,
                    sources: try input.sources.map { source in
                        guard case .action(let producer, let name) = source,
                            let output = plan.outputs[producer].first(where: { $0.name == name })
                        else { return source }
                        if placed[output.digest] == nil {
                            let path = "\(folder)/\(output.digest.hex)"
                            guard try store.restore(output.digest, to: path) else {
                                throw StoreError(
                                    code: .missing,
                                    message: "\(store.path): no good copy of \(output.digest)",
                                    remedy: "bitlaw run makes it again")
                            }
                            placed[output.digest] = output.digest.hex
                        }
                        return .replay(
                            placed[output.digest] ?? "", producer: graph.actions[producer].name,
                            coordinates: graph.actions[producer].coordinates, output: name)
                    })
            }
            actions.append(
                Action(
                    index: place, stage: action.stage, name: action.name,
                    coordinates: action.coordinates, parameters: action.parameters,
                    seed: action.seed, inputs: inputs))
        }
        return ActionGraph(
            experiment: graph.experiment, seed: graph.seed, file: graph.file,
            fileDigest: graph.fileDigest, project: graph.project, replayFolder: folder,
            stages: graph.stages, actions: actions)
    }
}
