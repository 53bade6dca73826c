package import Canon
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

    private var note: String { "\(path)/\(AttemptFolder.noteName)" }
    fileprivate static let noteName = ".action"

    /// Says at which action the next attempt is, to who looks from outside.
    package func begin(_ key: Digest) {
        // Without it nobody sees the log before the attempt has ended: no reason not to begin.
        let file = try? FileHandle.open(
            note, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
        try? unsafe Array(key.hex.utf8).withUnsafeBytes { try unsafe file?.write($0, path: note) }
    }

    /// Removes what an attempt left, for the next one.
    ///
    /// Its restored inputs go, all in its working folder, and what is no file beside that. The folder and
    /// plain files stay (an inode less to make for each action).
    package func clear() {
        _ = try? FileHandle.open(note, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
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

    /// The folder of an attempt at an action that goes on at this moment, by whatever process; `nil` where
    /// there is none.
    package func attempt(at key: Digest) -> String? {
        let names = (try? namesInFolder("\(path)/tmp")) ?? []
        return names.filter { $0.hasPrefix("attempt-") && !$0.hasSuffix(".lock") }
            .map { "\(path)/tmp/\($0)" }
            .first { folder in
                let note = try? readWholeFile(
                    "\(folder)/\(AttemptFolder.noteName)", limit: 1024, followingLinks: false)
                return note == Array(key.hex.utf8) && StoreLock.isHeld(folder + ".lock")
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
