package import Canon
import Glibc
import System

/// Kept states of actions that take long: they save time after a kill and are never a result.
///
/// `checkpoints/KEY` holds the SHA-256 of the state as a line of text, then the state. Any of them
/// may vanish at any moment; `gc` removes them all.
extension Store {
    private func checkpointPath(_ key: Digest) -> String { "\(path)/checkpoints/\(key.hex)" }

    /// The most bytes of a kept state with its line: larger ones would cost more than they save.
    private static let largestState = 1 << 30

    /// Keeps a state, in place of an older one of the same action; one that is too large is not kept.
    package func keepCheckpoint(_ state: [UInt8], for key: Digest) throws {
        if state.count > Store.largestState - 65 { return }
        try requireWritable()
        try makeFolder("\(path)/checkpoints")
        try writeWholeFile(
            Array("\(Digest(of: state.span).hex)\n".utf8) + state, to: checkpointPath(key),
            .durable,
            drafts: "\(path)/tmp")
    }

    /// The kept state of an action; `nil` where there is none, or a damaged one.
    package func checkpoint(for key: Digest) -> [UInt8]? {
        guard
            let file = try? readWholeFile(
                checkpointPath(key), limit: Store.largestState, followingLinks: false),
            file.count >= 65
        else {
            return nil
        }
        let state = Array(file[65...])
        let line = "\(Digest(of: state.span).hex)\n"
        return Array(line.utf8) == Array(file[..<65]) ? state : nil
    }

    /// Forgets the kept state of an action that is done.
    package func removeCheckpoint(for key: Digest) {
        _ = unsafe unlink(checkpointPath(key))
    }
}
