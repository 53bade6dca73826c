import Canon
import Experiment
import LocalStore
import Run
import Trust

/// What is said of the actions that were executed again.
extension Audit {
    /// What is said of an action that was executed again; `entered` tells where a difference came in.
    ///
    /// `allowed` are the actions whose differences their own stages allow.
    func verdict(
        _ index: Int, _ again: Rerun, _ place: Int, _ fresh: Store, allowed: Set<Int> = [],
        entered: (Int) -> [Int]
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
        let origins = entered(index)
        // What reads other bits, as a stage above says that it may, gives other bits.
        let follows = !origins.isEmpty && origins != [index] && origins.allSatisfy(allowed.contains)
        var outputs = known.map { output in
            compare(
                output, made.first { $0.name == output.name }, graph.stage(of: action), fresh,
                follows: follows)
        }
        // A record that leaves an output out is no record of this result.
        for output in made where !known.contains(where: { $0.name == output.name }) {
            outputs.append(
                AuditReport.Output(
                    name: output.name, expected: nil, found: output.digest, verdict: .different,
                    comparison: nil))
        }
        let worst = outputs.map { $0.verdict }.max() ?? .identical
        let differs = [.within, .stated, .different].contains(worst)
        var fields: [KeyFields.Difference] = []
        if differs, let old = recorded?.key, let new = again.keys[place], old != new,
            let a = store.keyDocument(old), let b = fresh.keyDocument(new)
        {
            fields = KeyFields.differences(a, b)
        }
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
        _ recorded: ResultList.Output, _ made: ActionResult.Output?, _ stage: ResolvedStage,
        _ fresh: Store, follows: Bool
    ) -> AuditReport.Output {
        if made?.digest == recorded.digest {
            return AuditReport.Output(
                name: recorded.name, expected: recorded.digest, found: made?.digest,
                verdict: .identical, comparison: nil)
        }
        let promise = stage.rules.promise
        // What the stage says of an output holds before what the audit was asked for.
        let ofStage = promise.tolerances[recorded.name]
        let tolerance = ofStage ?? options.tolerance
        let comparison = made.flatMap { made in
            formats.compare(
                StoredOutput(recorded.digest, isTree: made.isTree, in: store),
                StoredOutput(made.digest, isTree: made.isTree, in: fresh),
                fileName: stage.kind.outputs.first { $0.name == recorded.name }?.fileName ?? "",
                tolerance: tolerance)
        }
        let isWithin = tolerance != nil && comparison?.isWithin == true
        let isStated = made != nil && ofStage == nil && (follows || promise.isFree(recorded.name))
        return AuditReport.Output(
            name: recorded.name, expected: recorded.digest, found: made?.digest,
            verdict: isWithin ? .within : isStated ? .stated : .different, comparison: comparison,
            allowed: ofStage)
    }

    /// Whether everything in which an action differs is what its own stage allows.
    func isAllowed(_ action: AuditReport.Action, _ index: Int) -> Bool {
        let promise = graph.stage(of: graph.actions[index]).rules.promise
        return action.verdict == .stated
            || action.verdict == .within
                && action.outputs.allSatisfy {
                    $0.verdict == .identical || promise.mayDiffer($0.name)
                }
    }

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
