import Canon
import Glibc
import System

/// Makes the entries of a tree from what a walk through a folder meets.
struct TreeReader {
    /// The entries so far, in the order in which they were met.
    private(set) var entries: [TreeEntry] = []

    /// Takes what is no file, and checks the path of what is one.
    ///
    /// - Returns: the path and whether it is executable, for a file.
    /// - Throws: ``TreeMistake``.
    mutating func take(
        _ step: WalkedEntry, in folder: borrowing FolderHandle
    ) throws -> (path: String, isExecutable: Bool)? {
        guard let path = step.exactPath else {
            throw TreeMistake(step.text, "a name that is not UTF-8")
        }
        if let mistake = TreePath.mistake(path) { throw TreeMistake(path, mistake) }
        switch step.status.st_mode & S_IFMT {
        case S_IFREG: return (path, step.status.st_mode & S_IXUSR != 0)
        case S_IFDIR: try add(TreeEntry(path, .folder))
        case S_IFLNK:
            guard let bytes = folder.target(of: step.entry),
                let target = String(validating: bytes, as: UTF8.self)
            else { throw TreeMistake(path, "a link to a path that is not UTF-8, or too long") }
            if let mistake = TreePath.mistake(target: target, ofLinkAt: path) {
                throw TreeMistake(path, mistake)
            }
            try add(TreeEntry(path, .link(target)))
        default: throw TreeMistake(path, step.status.kindInWords)
        }
        return nil
    }

    /// Adds an entry.
    mutating func add(_ entry: TreeEntry) throws {
        guard entries.count < Tree.mostEntries else {
            throw TreeMistake("", "more than \(Tree.mostEntries) of them")
        }
        entries.append(entry)
    }

    /// The tree of all entries.
    func tree() throws -> Tree {
        do {
            return try Tree(entries)
        } catch {
            throw TreeMistake("", error.reason)
        }
    }

    /// Walks through a folder, at a path that messages need not name.
    static func walk(
        _ folder: borrowing FolderHandle,
        _ visit: (borrowing FolderHandle, WalkedEntry) throws -> Bool
    ) throws {
        try TreeMistake.namingClosed { try folder.walk(visit) }
    }
}
