package import Canon
import Glibc
import Synchronization
import System

/// A folder for the attempts of one worker, one after the other; a held lock tells that its maker
/// lives.
package final class AttemptFolder: Sendable {
    /// The folder.
    package let path: String
    private let lock: StoreLock
    /// The note, open while nobody else can have touched it.
    private let openNote = Mutex<FileHandle?>(nil)

    init(path: String, lock: StoreLock) {
        self.path = path
        self.lock = lock
    }

    private var note: String { "\(path)/\(AttemptFolder.noteName)" }
    static let noteName = ".action"

    /// Says at which action the next attempt is, to who looks from outside.
    package func begin(_ key: Digest) {
        if overwrite(Array(key.hex.utf8)) { return }
        // A program that nothing confined may have removed the folder, closed it, or put a link in its place.
        try? restoreFolder(path)
        // Without it nobody sees the log before the attempt has ended: no reason not to begin.
        openNote.withLock { file in
            file = try? FileHandle.open(
                note, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
        }
        _ = overwrite(Array(key.hex.utf8))
    }

    /// Says that no attempt goes on, where the last one left nothing behind: its worker saw to that, and
    /// nothing of others ran.
    package func rest() {
        if !overwrite([UInt8](repeating: UInt8(ascii: "-"), count: 64)) { clear() }
    }

    /// Writes the whole note anew; whether it is open.
    private func overwrite(_ bytes: [UInt8]) -> Bool {
        openNote.withLock { file in
            guard file != nil else { return false }
            let isWritten: Void? = try? unsafe bytes.withUnsafeBytes {
                try unsafe file?.write($0, at: 0, path: note)
            }
            return isWritten != nil
        }
    }

    /// Removes what an attempt left, for the next one.
    ///
    /// All goes but the working folder and our own files, whose names begin with `.` (an inode less to make
    /// for each action). No link is followed, not even in the place of the folder itself: what it leads to
    /// is not ours to empty.
    package func clear() {
        openNote.withLock { $0 = nil }
        // Behind a link in the place of the folder is a note of somebody else.
        guard AttemptFolder.tidy(path) else { return }
        _ = try? FileHandle.open(note, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
    }

    /// Removes what an attempt left in its folder, but for the working folder and our own files.
    ///
    /// - Returns: whether the folder is there.
    @discardableResult
    package static func tidy(_ path: String) -> Bool {
        // What cannot be removed now is removed, or found, when the next attempt begins.
        guard let folder = try? FolderHandle.open(path) else { return false }
        for entry in (try? folder.entries()) ?? [] {
            if entry.text == "work", (try? folder.emptyFolder(entry)) == true { continue }
            let status = try? folder.status(of: entry)
            let isFile = status.map { $0.st_mode & S_IFMT == S_IFREG } ?? false
            if !isFile || !entry.text.hasPrefix(".") { try? folder.remove(entry) }
        }
        return true
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
