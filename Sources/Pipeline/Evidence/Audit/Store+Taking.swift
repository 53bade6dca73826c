import Canon
import LocalStore
import System

extension Store {
    /// Copies all that an output consists of from another store, verified, by way of a file at `path`.
    ///
    /// - Returns: whether the other store had a good copy of every part.
    func take(_ digest: Digest, isTree: Bool, from other: Store, by path: String) throws -> Bool {
        let tree = try isTree ? other.tree(digest) : nil
        if isTree && tree == nil { return false }
        for part in [digest] + (tree?.blobs ?? []).map({ $0.digest }) where !contains(part) {
            guard try other.restore(part, to: path) else { return false }
            try put(fileAt: path)
        }
        return true
    }
}
