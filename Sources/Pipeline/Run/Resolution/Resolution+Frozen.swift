import Canon
package import Experiment
package import LocalStore
import Remotes

/// Frozen actions: their outputs are those that the lock file names, wherever the bytes come from.
extension Resolution {
    /// The outputs of a frozen action whose bytes no layer of the store has.
    func lost(_ entry: ResultList.Entry, of index: Int) throws -> [ActionResult.Output] {
        try outputs(entry, of: index).filter { try !store.contains($0) }
    }

    /// The outputs that the lock file names, as their kind has them.
    private func outputs(
        _ entry: ResultList.Entry, of index: Int
    ) throws -> [ActionResult.Output] {
        let kind = graph.stage(of: graph.actions[index]).kind
        return try entry.outputs.map { output in
            ActionResult.Output(
                name: output.name, digest: output.digest,
                size: try store.size(of: output.digest) ?? 0,
                isTree: kind.output(output.name)?.isTree ?? false)
        }
    }

    /// Takes the locked outputs of a frozen action; `nil` where the store lacks the bytes of one.
    mutating func lookUp(_ index: Int, _ entry: ResultList.Entry, key: Digest) throws -> Int? {
        let locked = try outputs(entry, of: index)
        let layers = try locked.compactMap { output -> Int? in
            if case .whole(let layer) = try look(index, output, size: nil) { return layer }
            return nil
        }
        guard layers.count == locked.count else { return nil }
        let result = try result(for: key)?.result
        if let result, entry.matches(result) {
            resolve(index, result)
        } else {
            assume(index, locked)
        }
        return layers.max() ?? 0
    }
}

extension ResultList.Entry {
    /// Whether a result has the outputs of this entry.
    package func matches(_ result: ActionResult) -> Bool {
        matches(result.outputs.map { ResultList.Output(name: $0.name, digest: $0.digest) })
    }
}
