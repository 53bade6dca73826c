package import Canon
import Glibc
import System

extension Store {
    /// Stores a folder, durably: each file in it as a blob of its own, then the manifest.
    ///
    /// The folder is read by descriptor, without following links; pipes and devices in it are never opened.
    ///
    /// - Returns: the tree, its digest, and the bytes of its manifest.
    /// - Throws: ``TreeMistake`` for what no tree has, ``OperationalError`` for what the system refuses.
    @discardableResult
    package func put(treeAt path: String) throws -> (tree: Tree, digest: Digest, size: Int) {
        try requireWritable()
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw TreeMistake("", "nothing there") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw TreeMistake("", "\(status.kindInWords) in its place")
        }
        let opened: FolderHandle?
        do {
            opened = try FolderHandle.open(path)
        } catch let error as OperationalError where error.code == .permission {
            throw TreeMistake("", "a folder that may not be opened")
        }
        guard let folder = opened else { throw TreeMistake("", "nothing there") }
        return try TreeIntake(self).take(folder)
    }

    /// The tree of a manifest, read and verified; `nil` where no layer has a good copy of one.
    package func tree(_ digest: Digest) throws -> Tree? {
        guard let bytes = try bytes(of: digest, limit: Tree.largestManifest) else { return nil }
        return try? Tree(parsing: bytes)
    }
}
