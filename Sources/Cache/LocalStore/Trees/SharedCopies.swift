package import Canon
import Glibc
package import System

/// Read-only copies of blobs and trees that one run makes once, whichever of its processes wants them first.
///
/// They stand in a folder that the run owns and removes at its end. A copy has its name only once it is
/// whole and verified, so what has a name is used without another look.
package struct SharedCopies: Sendable {
    /// The folder.
    package let path: String
    private let store: Store

    /// Uses a folder of the store's `tmp/`, such as one of ``Store/makeAttemptFolder()``.
    package init(path: String, store: Store) {
        self.path = path
        self.store = store
    }

    /// The path of a file with a blob's bytes; `nil` where no layer has a good copy of the blob.
    package func file(_ digest: Digest, isExecutable: Bool = false) throws -> String? {
        let target = "\(path)/\(isExecutable ? "program" : "file")-\(digest.hex)"
        let isThere = try once(target, digest) {
            try store.restore(digest, to: target, mode: isExecutable ? 0o555 : 0o444)
        }
        return isThere ? target : nil
    }

    /// The path of a folder with a tree's files; `nil` where no layer has good copies of all its blobs.
    package func tree(_ digest: Digest) throws -> String? {
        let target = "\(path)/tree-\(digest.hex)"
        let isThere = try once(target, digest) {
            guard let tree = try store.tree(digest) else { return false }
            return try store.unpack(tree, to: target).isEmpty
        }
        return isThere ? target : nil
    }

    /// The path of a copy of a folder outside the store, without what is left out of it.
    ///
    /// `nil` where the folder is no longer the tree of this digest.
    ///
    /// - Throws: ``TreeMistake`` for what no tree has, ``OperationalError``.
    package func folder(_ source: SourceFolder, _ digest: Digest) throws -> String? {
        let target = "\(path)/folder-\(digest.hex)"
        let isThere = try once(target, digest) {
            let draft = "\(target).partial-\(randomName())"
            try makeFolder(draft)
            do {
                guard try FolderCopy(of: source, at: draft).make().digest == digest else {
                    try removeTree(draft)
                    return false
                }
            } catch {
                try? removeTree(draft)
                throw error
            }
            return try place(draft, at: target, replacing: false)
        }
        return isThere ? target : nil
    }

    /// Makes a copy unless it is there; other processes that want it wait meanwhile.
    private func once(_ target: String, _ digest: Digest, _ make: () throws -> Bool) throws -> Bool
    {
        if unsafe access(target, F_OK) == 0 { return true }
        let lock = try StoreLock.wait("\(path)/copies.lock", byte: Int(digest.words[0] >> 2))
        defer { withExtendedLifetime(lock) {} }
        return try unsafe access(target, F_OK) == 0 || make()
    }
}
