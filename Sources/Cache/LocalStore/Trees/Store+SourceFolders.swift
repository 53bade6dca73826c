import Canon
import Glibc
package import System

extension Store {
    /// The tree that a folder outside the store is, and whether it is all of the folder.
    ///
    /// Files that the index knows are not read again, unless the index is not to be believed: whoever may
    /// write into the store may write it.
    ///
    /// - Throws: ``TreeMistake`` for what no tree has, ``OperationalError`` for what the system refuses.
    package func tree(of folder: SourceFolder, believingIndex: Bool) throws -> (
        tree: Tree, isWhole: Bool
    ) {
        var entries = TreeReader()
        var digests = ExternalDigests(self, believingIndex: believingIndex)
        let isWhole = try folder.walk { item, parent in
            switch item.content {
            case .folder: try entries.add(TreeEntry(item.path, .folder))
            case .link(let target): try entries.add(TreeEntry(item.path, .link(target)))
            case .file(let status):
                let (digest, size) = try digests.digest(of: item, status, in: parent, of: folder)
                let isExecutable = status.st_mode & S_IXUSR != 0
                try entries.add(
                    TreeEntry(item.path, .file(digest, size: size, isExecutable: isExecutable)))
            }
            return true
        }
        try digests.remember()
        return (try entries.tree(), isWhole)
    }
}

/// The digests of many files outside a store, which its index remembers in groups.
private struct ExternalDigests {
    private let store: Store
    private let believingIndex: Bool
    private var found: [(FileIdentity, Digest)] = []

    init(_ store: Store, believingIndex: Bool) {
        self.store = store
        self.believingIndex = believingIndex
    }

    /// The digest and the bytes of a file that a walk met.
    mutating func digest(
        of item: SourceFolder.Item, _ status: stat, in parent: borrowing FolderHandle,
        of folder: SourceFolder
    ) throws -> (Digest, size: Int) {
        // What a link leads to is opened, so that it is looked at where it stands.
        if !item.isFollowed, let known = try remembered(status) {
            return (known, Int(status.st_size))
        }
        let file = try folder.open(item, in: parent)
        if let known = try remembered(file.status) { return (known, file.size) }
        let (digest, size) = try file.digest()
        if believingIndex, store.mayRemember(file.status, size: size) {
            found.append((FileIdentity(file.status), digest))
            if found.count == 1024 { try remember() }
        }
        return (digest, size)
    }

    /// Lets the index remember what was found since.
    mutating func remember() throws {
        try store.index.remember(found)
        found = []
    }

    private func remembered(_ status: stat) throws -> Digest? {
        believingIndex ? try store.index.digest(of: FileIdentity(status)) : nil
    }
}
