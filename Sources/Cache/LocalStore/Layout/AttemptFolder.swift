import Glibc
import System

/// A folder for the attempts of one worker, one after the other; a held lock tells that its maker
/// lives.
package final class AttemptFolder: Sendable {
    /// The folder.
    package let path: String
    private let lock: StoreLock

    init(path: String, lock: StoreLock) {
        self.path = path
        self.lock = lock
    }

    /// Removes what an attempt left, for the next one.
    ///
    /// Its restored inputs go, all in its working folder, and what is no file beside that. The folder and
    /// plain files stay (an inode less to make for each action).
    package func clear() {
        // What cannot be removed now is removed, or found, when the next attempt begins.
        try? makeEmptyFolder("\(path)/work")
        for name in (try? namesInFolder(path)) ?? [] where name != "work" {
            var status = stat()
            guard unsafe lstat("\(path)/\(name)", &status) == 0 else { continue }
            // A pipe in the place of the log would let the next attempt wait for ever.
            if status.st_mode & S_IFMT != S_IFREG { try? removeTree("\(path)/\(name)") }
        }
    }

    /// Removes the folder and all in it.
    package func remove() {
        // What cannot be removed now is found stale, and removed, by a later command.
        try? removeTree(path)
        _ = unsafe unlink(path + ".lock")
    }
}

extension Store {
    /// Makes a folder for the attempts of one worker.
    package func makeAttemptFolder() throws -> AttemptFolder {
        try requireWritable()
        while true {
            let folder = "\(path)/tmp/attempt-\(randomName())"
            // Who opens the store at this moment may find the lock file before we hold it, and
            // remove it as stale: then this name is theirs, and we take another.
            guard let lock = try StoreLock.take(folder + ".lock", kind: .exclusive) else {
                continue
            }
            try makeFolder(folder)
            return AttemptFolder(path: folder, lock: lock)
        }
    }

    /// Removes attempt folders whose maker is gone.
    func removeStaleAttempts() throws {
        guard let drafts = try folder("tmp") else { return }
        for entry in try drafts.entries() {
            let name = entry.text
            guard name.hasPrefix("attempt-"), name.hasSuffix(".lock"),
                let lock = try? StoreLock.take("\(path)/tmp/\(name)", kind: .exclusive)
            else { continue }
            // What only another account of the group may remove keeps its lock, by which they find it.
            if (try? drafts.remove(FolderEntry(String(name.dropLast(5))))) != nil {
                try? drafts.remove(entry)
            }
            withExtendedLifetime(lock) {}
        }
    }

    /// Removes the drafts that a kill left; nobody else may have the store open.
    ///
    /// Those of the files that every store has stay: somebody may be making the store at this moment.
    func removeStaleDrafts() throws {
        guard let drafts = try folder("tmp") else { return }
        for entry in try drafts.entries() {
            let name = entry.text
            let isKept =
                name.hasPrefix("attempt-")
                || StoreLayout.fixedFiles.contains { name.hasPrefix("\($0)-") }
            if isKept { continue }
            // What only another account of the group may remove goes with a command of theirs.
            try? drafts.remove(entry)
        }
    }
}
