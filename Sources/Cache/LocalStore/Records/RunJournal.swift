package import Canon
import Glibc
import System

/// The notes of a run that has not ended, `runs/NAME.begun`: so that `gc` keeps what it finished if it is
/// killed.
///
/// The first line describes the run; each line after it is the key of an action that was begun or found. The
/// record takes the place of the notes in the end.
package final class RunJournal {
    /// How the names of the notes end.
    static let suffix = ".begun"
    /// What the first line says of the form of the notes.
    static let format = "bitlaw/begun/1"

    private let store: Store
    private let header: [String: JSON]
    private var file: FileHandle?
    /// Held until the run ends, however it ends: so others can tell whether it goes on.
    private var lock: StoreLock?
    private var path = ""
    private var waiting: [UInt8] = []

    /// Prepares the notes of a run of an experiment; nothing is written yet.
    package init(_ store: Store, experiment: String, file: String, startedAt: String) {
        self.store = store
        header = [
            "experiment": .string(experiment), "file": .string(file),
            "format": .string(RunJournal.format), "startedAt": .string(startedAt),
        ]
    }

    /// Adds a key, on the disk with the next ``flush()``.
    package func note(_ key: Digest) { waiting += Array("\(key.hex)\n".utf8) }

    /// Writes what was added, and makes the notes where there are none; they outlast a kill.
    ///
    /// - Throws: ``OperationalError``.
    package func begin() throws {
        if file == nil {
            try makeFolder("\(store.path)/runs")
            // Two runs may begin in one microsecond.
            let name = try store.makeRunName(String(randomName().prefix(8)))
            path = "\(store.path)/runs/\(name)\(RunJournal.suffix)"
            // Whole from the start: an empty file would be damage, and stop `gc`.
            try writeWholeFile(
                JSON.object(header).canonical() + [10] + waiting, to: path,
                store.isDurable ? .durable : .none, drafts: "\(store.path)/tmp", isNew: true)
            waiting = []
            lock = try StoreLock.take(path, kind: .exclusive)
            file = try FileHandle.required(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
        }
        try flush()
    }

    /// Writes what was added, where the notes have been begun.
    package func flush() throws {
        guard file != nil, !waiting.isEmpty else { return }
        let bytes = waiting
        waiting = []
        try unsafe bytes.withUnsafeBytes { try unsafe file?.write($0, path: path) }
    }

    /// Removes the notes: the run has its record, or did nothing.
    package func remove() {
        if file.take() != nil { _ = unsafe unlink(path) }
        lock = nil
    }
}
