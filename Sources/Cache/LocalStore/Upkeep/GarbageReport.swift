/// What `gc` removed, or would remove.
package struct GarbageReport: Sendable, Equatable {
    /// Run records, by name.
    package var runs: [String] = []
    /// Action results.
    package var results = 0
    /// Blobs.
    package var blobs = 0
    /// Bytes on disk.
    package var bytes = 0
    /// Bytes on disk of what is kept.
    package var keptBytes = 0
    /// What only another account of the group may remove: left by programs of theirs that were killed.
    package var left: [String] = []
}
