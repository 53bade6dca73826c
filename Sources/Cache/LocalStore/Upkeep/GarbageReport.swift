import System

/// What `gc` removed, or would remove.
package struct GarbageReport: Sendable, Equatable {
    /// Run records, by name.
    package var runs: [String] = []
    /// Action results.
    package var results = 0
    /// Blobs.
    package var blobs = 0
    /// Folders of actions that were killed.
    package var attempts = 0
    /// Files that a kill left half written.
    package var drafts = 0
    /// Kept states of actions that take long.
    package var states = 0
    /// What was found damaged and set aside.
    package var damaged = 0
    /// Bytes on disk.
    package var bytes = 0
    /// Bytes on disk of what is kept.
    package var keptBytes = 0
    /// What only another account of the group may remove: left by programs of theirs that were killed.
    package var left: [String] = []

    /// Counts what stands in a folder that is emptied.
    mutating func count(_ entry: FolderEntry, in area: String, bytes size: Int) {
        switch area {
        case "quarantine": damaged += 1
        case "checkpoints": states += 1
        case _ where entry.kind == .folder && entry.text.hasPrefix("attempt-"): attempts += 1
        case _ where entry.text.hasPrefix("attempt-"): return  // the lock of one
        default: drafts += 1
        }
        bytes += size
    }
}
