import Canon
package import Experiment
package import LocalStore
import Remotes

/// Frozen actions: their outputs are those that the lock file names, wherever the bytes come from.
extension Resolution {
    /// The outputs of a frozen action whose bytes no layer of the store has.
    func lost(_ entry: ResultList.Entry) -> [ResultList.Output] {
        entry.outputs.filter { store.layer(of: $0.digest) == nil }
    }

    /// Takes the locked outputs of a frozen action; `nil` where the store lacks the bytes of one.
    mutating func lookUp(_ index: Int, _ entry: ResultList.Entry, key: Digest) throws -> Int? {
        let layers = try entry.outputs.compactMap { output -> Int? in
            let found = try look(index, output.name, output.digest, size: nil)
            if case .whole(let layer) = found { return layer }
            return nil
        }
        guard layers.count == entry.outputs.count else { return nil }
        let result = try result(for: key)?.result
        if let result, entry.matches(result) {
            resolve(index, result)
        } else {
            assume(
                index,
                try entry.outputs.map {
                    ActionResult.Output(
                        name: $0.name, digest: $0.digest, size: try store.size(of: $0.digest) ?? 0)
                })
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
