import Canon
import Experiment
import LocalStore
import Run
import Trust

/// What is said of the actions that were executed again.
extension Audit {
    /// What is said of an action that was executed again; `entered` tells where a difference came in.
    func verdict(
        _ index: Int, _ again: Rerun, _ place: Int, _ fresh: Store, entered: (Int) -> [Int]
    ) -> AuditReport.Action {
        let action = graph.actions[index]
        let kind = graph.stage(of: action).kind
        let recorded = expected[action.name]
        let made = again.engine.outputs(of: place)
        if let reason = doubt(of: made, again, place, fresh, kind) {
            return AuditReport.Action(
                name: action.name, kind: kind.versionedName, key: recorded?.key,
                foundKey: again.keys[place], verdict: .failed, outputs: [], reason: reason,
                fields: [], entered: [], seconds: 0)
        }
        let known = recorded?.outputs ?? []
        var outputs = known.map { output in
            compare(output, made.first { $0.name == output.name }, kind, fresh)
        }
        // A record that leaves an output out is no record of this result.
        for output in made where !known.contains(where: { $0.name == output.name }) {
            outputs.append(
                AuditReport.Output(
                    name: output.name, expected: nil, found: output.digest, verdict: .different,
                    comparison: nil))
        }
        let worst = outputs.map { $0.verdict }.max() ?? .identical
        let differs = worst == .different || worst == .within
        var fields: [KeyFields.Difference] = []
        if differs, let old = recorded?.key, let new = again.keys[place], old != new,
            let a = store.keyDocument(old), let b = fresh.keyDocument(new)
        {
            fields = KeyFields.differences(a, b)
        }
        let origins = differs ? entered(index) : []
        return AuditReport.Action(
            name: action.name, kind: kind.versionedName, key: recorded?.key,
            foundKey: again.keys[place], verdict: worst, outputs: outputs, reason: "",
            fields: fields,
            entered: !differs
                ? [] : origins.isEmpty ? [action.name] : origins.map { graph.actions[$0].name },
            seconds: again.engine.seconds(of: place))
    }

    /// Why what an action gave does not count; `nil` where this audit made it, and it can be read back now.
    private func doubt(
        of made: [ActionResult.Output], _ again: Rerun, _ place: Int, _ fresh: Store, _ kind: Kind
    ) -> String? {
        let state = again.engine.state(of: place)
        if let failure = again.failures[place] { return failure }
        guard state == .ran || state == .cached else { return "not reached" }
        if let lost = made.first(where: { !canRead($0, from: fresh) }) {
            return "its output `\(lost.name)` cannot be read from the audit's store as it was made"
        }
        if state == .ran || kind.isDownload || isOwn(again, place)
            || isMadeHere(again.keys[place], fresh)
        {
            return nil
        }
        return
            "the fresh store had a result of it that no audit of yours made: a program put it there, or "
            + "the scratch folder came from elsewhere"
    }

    /// Whether all that an output consists of can be read.
    private func canRead(_ output: ActionResult.Output, from fresh: Store) -> Bool {
        guard (try? fresh.hasGoodCopy(of: output.digest)) == true else { return false }
        guard output.isTree else { return true }
        guard let tree = try? fresh.tree(output.digest) else { return false }
        return tree.blobs.allSatisfy { (try? fresh.hasGoodCopy(of: $0.digest)) == true }
    }

    /// Whether the engine of this audit made what counts of an action, or took it over from what was given.
    private func isOwn(_ again: Rerun, _ place: Int) -> Bool {
        again.keys[place].map { again.engine.believed[$0] != nil } ?? false
    }

    /// Whether an audit of the account made what the fresh store has under a key.
    private func isMadeHere(_ key: Digest?, _ fresh: Store) -> Bool {
        guard let key, let result = try? fresh.result(for: key)?.result else { return false }
        return result.isMade(by: options.run.account)
    }

    private func compare(
        _ recorded: ResultList.Output, _ made: ActionResult.Output?, _ kind: Kind, _ fresh: Store
    ) -> AuditReport.Output {
        if made?.digest == recorded.digest {
            return AuditReport.Output(
                name: recorded.name, expected: recorded.digest, found: made?.digest,
                verdict: .identical, comparison: nil)
        }
        var comparison: TypedComparison?
        if let made, made.isTree {
            comparison = compareTrees(recorded.digest, made.digest, fresh)
        } else if let made, made.size <= Audit.largestCompared,
            let old = (try? store.bytes(of: recorded.digest)).flatMap({ $0 }),
            old.count <= Audit.largestCompared,
            let new = (try? fresh.bytes(of: made.digest)).flatMap({ $0 })
        {
            let fileName = kind.outputs.first { $0.name == recorded.name }?.fileName ?? ""
            comparison = formats.compare(old, new, fileName: fileName, tolerance: options.tolerance)
        }
        let isWithin = options.tolerance != nil && comparison?.isWithin == true
        return AuditReport.Output(
            name: recorded.name, expected: recorded.digest, found: made?.digest,
            verdict: isWithin ? .within : .different, comparison: comparison)
    }

    /// How two folders differ; `nil` where one of the manifests cannot be read.
    private func compareTrees(
        _ recorded: Digest, _ made: Digest, _ fresh: Store
    ) -> TypedComparison? {
        guard let old = try? store.tree(recorded), let new = try? fresh.tree(made) else {
            return nil
        }
        return TreeComparison(formats: formats, tolerance: options.tolerance) {
            (try? store.bytes(of: $0)).flatMap(\.self)
        } found: {
            (try? fresh.bytes(of: $0)).flatMap(\.self)
        }.compare(old, new)
    }

    /// The largest output that is compared by what it is; larger ones by their digests alone.
    private static let largestCompared = 1 << 29

    /// The first actions upstream whose outputs differ though everything they read is as recorded.
    func origins(_ index: Int, _ again: Rerun, _ known: inout [Int: [Int]]) -> [Int] {
        // Producers stand before their readers, so their answers are known already.
        var found: Set<Int> = []
        for input in graph.actions[index].inputs {
            for case .action(let producer, let name) in input.sources {
                let before = expected[graph.actions[producer].name]?.digest(name)
                let now = again.engine.outputs(of: producer).first { $0.name == name }?.digest
                guard let before, before != now else { continue }
                found.formUnion(known[producer] ?? [producer])
            }
        }
        let origins = found.isEmpty ? [index] : found.sorted()
        known[index] = origins
        return origins
    }
}
