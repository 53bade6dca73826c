package import Canon
package import Experiment
package import LocalStore
package import Run

/// The action of another store whose key is nearest to one of ours.
package struct NearestKey: Sendable {
    /// Its key.
    package let key: Digest
    /// Its result there.
    package let result: ActionResult
    /// The members of the two keys that differ; none where the keys are the same.
    package let reasons: [Reason]

    /// Looks through the results of the same kind in another store.
    ///
    /// Nearest is what differs in the fewest members, then what was made last.
    /// - Returns: `nil` where no result of the kind has a description of its key there, or our own key
    ///   is not known yet.
    /// - Complexity: reads every result there, and the description of those of the kind.
    package static func find(
        for index: Int, plan: Plan, graph: ActionGraph, store: Store, registry: KindRegistry,
        against other: Store
    ) throws -> NearestKey? {
        guard let key = plan.keys[index] else { return nil }
        let action = graph.actions[index]
        let kind = graph.stage(of: action).kind.name
        if let same = try other.result(for: key)?.result {
            return NearestKey(key: key, result: same, reasons: [])
        }
        let document = try plan.keyDocument(
            of: index, graph: graph, store: store, registry: registry)
        let ours = try JSON(parsing: document.bytes)
        var nearest: NearestKey?
        for candidate in try other.allResults() where candidate.kind == kind {
            guard
                let bytes = try other.bytes(
                    of: candidate.key, limit: WantedBlob.largestUndeclared),
                let theirs = try? JSON(parsing: bytes)
            else { continue }
            let reasons = Why.differences(theirs, ours, action, graph)
            let isNearer =
                nearest.map {
                    (reasons.count, $0.result.madeAt) < ($0.reasons.count, candidate.madeAt)
                } ?? true
            if isNearer {
                nearest = NearestKey(key: candidate.key, result: candidate, reasons: reasons)
            }
        }
        return nearest
    }
}
