import Canon
package import Experiment
package import LocalStore
import System

/// Explains the actions of a plan against the newest run of the experiment.
package struct Explainer {
    private let plan: Plan
    private let graph: ActionGraph
    private let store: Store
    private let documents: KeyDocuments
    private let newest: NewestRun
    private var last: LastRun? { get throws { try newest.run } }

    /// Prepares to explain; the newest record is read for the first explanation.
    package init(plan: Plan, graph: ActionGraph, store: Store, registry: KindRegistry) {
        (self.plan, self.graph, self.store) = (plan, graph, store)
        documents = KeyDocuments(plan, graph, store, registry)
        newest = NewestRun(store, experiment: graph.experiment)
    }

    /// The run that actions are compared with; `nil` where there is none.
    package var comparedWith: String? { get throws { try last?.name } }

    /// Explains an action.
    package func explain(_ index: Int) throws -> Why {
        let action = graph.actions[index]
        return Why(
            action: action.name, key: plan.keys[index], seed: action.seed.map(DerivedSeed.text),
            comparedWith: try last?.name, reasons: try reasons(index) + partial(index))
    }

    /// What partial inputs of it left out.
    private func partial(_ index: Int) -> [Reason] {
        let without = (plan.lacking[index] ?? []).map { graph.actions[$0].name }
        return without.isEmpty ? [] : [.partial(without: without)]
    }

    private func reasons(_ index: Int) throws -> [Reason] {
        let action = plan.action(index, in: graph)
        if action.frozen != nil { return [.frozen(lock: ResultList.lockPath(of: graph.file))] }
        if case .mayRun(let after) = plan.states[index] {
            let cause = root(after)
            return [.upstream(graph.actions[after].name)]
                + (try reasons(cause)).map { $0.of(graph.actions[cause].name) }
        }
        guard let key = plan.keys[index] else { return [.neverRan] }
        let last = try last
        let isCached = if case .cached = plan.states[index] { true } else { false }
        guard let oldKey = last?.key(of: action.name) else {
            if isCached { return [last?.name(of: key).map { .renamed(from: $0) } ?? .neverRan] }
            return [try renamedStage(action) ?? .neverRan]
        }
        if key == oldKey {
            return isCached
                ? [.unchanged] + (try lastExecution(index, action, key)) : [.resultMissing]
        }
        guard let before = store.keyDocument(oldKey) else { return [.resultMissing] }
        return try Why.differences(before, document(of: index), action, graph).map(withLines)
    }

    /// Where the last run executed the action: why, beside the run before that.
    private func lastExecution(_ index: Int, _ action: Action, _ key: Digest) throws -> [Reason] {
        guard try last?.didExecute(action.name) == true, let before = try newest.before else {
            return []
        }
        guard let oldKey = before.key(of: action.name) else {
            return [.lastExecution(since: before.name, nil)]
        }
        if oldKey == key { return [] }
        guard let old = store.keyDocument(oldKey) else { return [] }
        return try Why.differences(old, document(of: index), action, graph).map {
            .lastExecution(since: before.name, try withLines($0).told)
        }
    }

    private func root(_ index: Int) -> Int {
        var index = index
        while case .mayRun(let after) = plan.states[index] { index = after }
        return index
    }

    private func document(of index: Int) throws -> JSON {
        try JSON(parsing: documents.document(of: index).bytes)
    }

    /// The reason with the lines that changed, where it is a file.
    private func withLines(_ reason: Reason) throws -> Reason {
        guard case .file(let port, let path, let old, let new, _) = reason else { return reason }
        let change =
            try path.hasSuffix("/")
            ? folderChange(at: path, old, new)
            : FileChange.between(old, new, at: "\(graph.project)/\(path)", store: store)
        return .file(port: port, path: path, old: old, new: new, change: change)
    }
}

// MARK: Folders

extension Explainer {
    /// What of a folder changed, as far as its last tree is kept.
    private func folderChange(at path: String, _ old: Digest, _ new: Digest) throws -> FileChange {
        guard let before = try store.tree(old) else { return .unknown }
        for source in Set(graph.actions.flatMap { $0.inputs.flatMap { $0.sources } }) {
            guard let folder = graph.folder(of: source),
                source.shownPath?.isSameText(as: path) == true
            else { continue }
            let now = try store.tree(of: folder, believingIndex: true).tree
            if now.digest == new { return FileChange(from: before, to: now) }
        }
        return .unknown
    }
}

// MARK: Renamed stages

extension Explainer {
    /// Finds the action that this one was before its stage was renamed: the stage is gone, the key differs in
    /// the seed alone, and the seed is the one that the old name gives.
    private func renamedStage(_ action: Action) throws -> Reason? {
        guard action.seed != nil, let last = try last else { return nil }
        let stage = graph.stage(of: action).name
        let suffix = action.name.dropFirst(stage.count)
        let present = Set(graph.stages.map { $0.name })
        var own: JSON?
        for candidate in last.stages.subtracting(present).sorted() {
            guard let key = last.key(of: candidate + suffix), let old = store.keyDocument(key)
            else { continue }
            let new = try own ?? document(of: action.index)
            own = new
            if Explainer.withoutSeed(old) == Explainer.withoutSeed(new),
                let seed = old["seed"]?.text, isSeed(seed, of: candidate, action)
            {
                return .renamedStage(from: candidate, to: stage)
            }
        }
        return nil
    }

    private static func withoutSeed(_ document: JSON) -> [UInt8] {
        var members = document.members ?? [:]
        members["seed"] = nil
        return JSON.object(members).canonical()
    }

    /// Whether a stream of this name gives the seed, whichever axes are replicates.
    private func isSeed(_ seed: String, of stream: String, _ action: Action) -> Bool {
        let axes = action.coordinates.prefix(8)
        return (0..<(1 << axes.count)).contains { choice in
            var replicates: [String: JSON] = [:]
            for (place, axis) in axes.enumerated() where choice >> place & 1 == 1 {
                replicates[axis.axis] = axis.value
            }
            let derived = DerivedSeed.derive(
                experiment: graph.seed, stream: stream, replicates: replicates)
            return DerivedSeed.text(derived) == seed
        }
    }
}
