import Canon
import LocalStore
import System

extension Store {
    /// Writes a copy of a blob, or a tree, at a path where nothing stands.
    ///
    /// - Returns: whether there is a good copy of all of it.
    func lay(_ digest: Digest, isTree: Bool, at path: String) throws -> Bool {
        guard isTree else { return try restore(digest, to: path) }
        guard let tree = try tree(digest) else { return false }
        return try unpack(tree, to: path).isEmpty
    }

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
