import Canon
import System

/// A folder as a value: the names in it, and for each file the digest of its bytes.
///
/// Two folders with the same names, contents, links and executable bits are the same tree, and have the same
/// digest. Times, owners and other modes are no part of it.
package struct Tree: Equatable, Sendable {
    /// What is in it, every folder included, in the order of the paths' bytes.
    package let entries: [TreeEntry]

    /// The most entries of a tree.
    package static let mostEntries = 1_000_000
    /// One more than the most bytes of a file, and of all files together.
    static let largestFile = 1_000_000_000_000_000

    /// Makes a tree of entries in any order.
    ///
    /// - Throws: ``TreeFormatError`` for paths, links and sizes that cannot be, a path that stands there
    ///   twice, and one whose folder has no entry.
    package init(_ entries: [TreeEntry]) throws(TreeFormatError) {
        try self.init(
            sorted: entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    /// Makes a tree of entries that have to be in order.
    init(sorted entries: [TreeEntry]) throws(TreeFormatError) {
        guard entries.count <= Tree.mostEntries else {
            throw TreeFormatError(
                "expected at most \(Tree.mostEntries) entries, found \(entries.count)")
        }
        var folders: Set<ExactText> = []
        var last: TreeEntry?
        var lastFolder: String?
        var bytes = 0
        for entry in entries {
            if let mistake = entry.mistake { throw TreeFormatError(entry.path, mistake) }
            if let last, !last.path.utf8.lexicographicallyPrecedes(entry.path.utf8) {
                let isTwin = last.path.isSameText(as: entry.path)
                throw TreeFormatError(entry.path, isTwin ? "the path twice" : "a path out of order")
            }
            last = entry
            if let folder = TreePath.folder(of: entry.path),
                !(lastFolder?.isSameText(as: folder) ?? false)
            {
                guard folders.contains(ExactText(folder)) else {
                    throw TreeFormatError(entry.path, "a path in what is no folder of the tree")
                }
                lastFolder = folder
            }
            switch entry.content {
            case .folder: folders.insert(ExactText(entry.path))
            case .file(_, let size, _): bytes += size
            case .link: break
            }
            guard bytes < Tree.largestFile else {
                throw TreeFormatError("expected files of less than \(Tree.largestFile) bytes")
            }
        }
        self.entries = entries
    }

    /// The bytes of all files together.
    package var bytes: Int {
        entries.reduce(0) { sum, entry in
            if case .file(_, let size, _) = entry.content { return sum + size }
            return sum
        }
    }

    /// How many files it has.
    package var fileCount: Int {
        entries.count { if case .file = $0.content { true } else { false } }
    }

    /// The contents of its files, each once.
    package var blobs: [WantedBlob] {
        var seen: Set<Digest> = []
        return entries.compactMap { entry in
            guard case .file(let digest, let size, _) = entry.content,
                seen.insert(digest).inserted
            else { return nil }
            return WantedBlob(digest, size: size)
        }
    }
}

/// Why something is no tree.
package struct TreeFormatError: Error, Equatable {
    /// What was expected and found.
    package let reason: String

    init(_ reason: String) { self.reason = reason }

    init(_ path: String, _ found: String) {
        reason = "expected entries of a folder in order, found \(found): \(visible(path))"
    }
}
