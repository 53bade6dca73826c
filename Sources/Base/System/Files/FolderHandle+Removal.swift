import Glibc

/// Removing trees: by descriptor, however deep they are and however long their paths.
extension FolderHandle {
    /// Removes a file or a folder with all in it; what is gone already is fine.
    ///
    /// No link is followed, and no other file system that is mounted inside is touched. It opens three
    /// descriptors at most, and keeps the names of one way down.
    ///
    /// - Throws: ``OperationalError``.
    package func remove(_ entry: FolderEntry) throws {
        guard let status = try status(of: entry) else { return }
        if try removeName(entry, isFolder: status.kind == .folder) { return }
        openToOwner(entry, status)
        guard var here = try innerFolder(entry) else { return }
        var levels = [try TreeLevel(here, as: entry, in: self)]
        while !levels.isEmpty {
            if let next = levels[levels.count - 1].rest.popLast() {
                guard let status = try here.status(of: next) else { continue }
                if try here.removeName(next, isFolder: status.kind == .folder) { continue }
                here.openToOwner(next, status)
                guard let inner = try here.innerFolder(next) else { continue }
                levels.append(try TreeLevel(inner, as: next, in: here))
                here = inner
            } else {
                let level = levels.removeLast()
                guard let above = levels.last else { break }
                // By "..", so that the way down needs no descriptors; somebody may have moved the folder.
                guard let outer = try here.outerFolder(), try above.isLevel(of: outer) else {
                    throw TreeLevel.changed(here.path)
                }
                here = outer
                guard try here.removeName(level.entry, isFolder: true) else {
                    throw TreeLevel.changed(here.path)
                }
            }
        }
        guard try removeName(entry, isFolder: true) else {
            throw TreeLevel.changed("\(path)/\(entry.text)")
        }
    }

    /// Removes all that is in a folder in this one, which stays.
    ///
    /// - Returns: whether it is empty; `false` where something else stands there, or nothing.
    package func emptyFolder(_ entry: FolderEntry) throws -> Bool {
        guard let status = try status(of: entry), status.kind == .folder else { return false }
        openToOwner(entry, status)
        guard let inner = try innerFolder(entry) else { return false }
        try inner.removeContents()
        return true
    }

    /// Removes all that is in the folder, which stays.
    package func removeContents() throws {
        try openToOwner()
        for entry in try entries() { try remove(entry) }
    }
}

/// A folder on the way down a tree that is being removed.
private struct TreeLevel {
    /// Its name in the folder above.
    let entry: FolderEntry
    /// What it has still to be rid of.
    var rest: [FolderEntry]
    private let device: dev_t
    private let inode: ino_t

    /// Begins with a folder that was opened from another.
    init(
        _ folder: borrowing FolderHandle, as entry: FolderEntry, in parent: borrowing FolderHandle
    ) throws {
        let status = try folder.status()
        guard try parent.status().st_dev == status.st_dev else { throw parent.mount(entry) }
        try folder.openToOwner()
        self.entry = entry
        rest = try folder.entries()
        (device, inode) = (status.st_dev, status.st_ino)
    }

    /// Whether an open folder is this one.
    func isLevel(of folder: borrowing FolderHandle) throws -> Bool {
        let status = try folder.status()
        return status.st_dev == device && status.st_ino == inode
    }

    /// Somebody works in a folder that is being removed.
    static func changed(_ path: String) -> OperationalError {
        OperationalError(
            code: .inUse, message: "\(path): cannot remove: somebody changed it meanwhile",
            remedy: "find out which program works there, then try again")
    }
}
