import Glibc
import System

/// What every command mends in a store that it opens for writing.
extension Store {
    /// Makes missing folders again, and sets aside what stands in the place of a shard, of the index or of a
    /// lock.
    ///
    /// What is done is noted in ``damage``. An empty `tmp`, `locks` or `quarantine` is no loss: `git` and
    /// others do not keep empty folders.
    func mend(_ intruders: [String]) throws {
        for name in StoreLayout.firstFolders {
            let folder = "\(path)/\(name)"
            if unsafe access(folder, F_OK) == 0 { continue }
            try makeFolder(folder)
            if ["cas", "actions", "runs"].contains(name) {
                note(Damage(path: folder, reason: "the folder was gone", outcome: .madeAnew))
            }
        }
        for name in try intruders + locksOfNoFile() {
            let isFile = name == StoreLayout.index || name.hasPrefix("locks/")
            let expected = isFile ? "a file" : "a folder"
            try setAside(
                "\(path)/\(name)", reason: "expected \(expected), found something else", isOwn: true
            )
        }
    }

    /// What stands in the place of a lock, and is neither a file nor a link, which is refused.
    private func locksOfNoFile() throws -> [String] {
        guard let locks = try folder("locks") else { return [] }
        return try locks.entries().filter { entry in
            guard entry.kind != .link, let status = try locks.status(of: entry) else {
                return false
            }
            return status.st_mode & S_IFMT != S_IFREG
        }.map { "locks/\($0.text)" }
    }

    /// Sets aside what stands where a file is to be written, and is none.
    package func makeWay(for file: String) throws {
        var status = stat()
        guard unsafe lstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
        try setAside(file, reason: "expected a file, found something else", isOwn: true)
    }

    /// Writes the tag anew by which backup programs pass the store over, where it is gone or changed.
    func mendTag() throws {
        let file = "\(path)/CACHEDIR.TAG"
        let found = try? readWholeFile(file, limit: 4096, followingLinks: false)
        let tag = Array(StoreLayout.tag.utf8)
        if found == tag { return }
        let reason = "expected the tag of a cache, found \(found == nil ? "none" : "other bytes")"
        if isReadOnly { return note(Damage(path: file, reason: reason, outcome: .stays)) }
        if let found, !found.isEmpty { try moveToQuarantine(file) }
        try writeWholeFile(tag, to: file, .durable, drafts: "\(path)/tmp")
        note(Damage(path: file, reason: reason, outcome: .madeAnew))
    }
}
