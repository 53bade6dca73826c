import Canon
import LocalStore
import System

/// What an action brings into the store: its outputs and its log.
///
/// What is small goes with the answer, and the engine stores it together with that of other actions. The rest
/// comes in when the action ended well, and shares its waits for the disk.
final class Outbox {
    /// The most bytes of a blob that goes with the answer, and of all of them.
    private static let (largestSent, mostSent) = (4096, 1 << 15)

    private let store: Store
    /// Kept from one action to the next, with its buffers.
    private var batch: BlobBatch?
    /// What goes with the answer.
    private var sent: [[UInt8]] = []
    private var room = Outbox.mostSent

    init(_ store: Store) { self.store = store }

    /// Adds bytes; they are in the store with ``commit()``, or go with the answer.
    func add(_ bytes: [UInt8]) throws -> (digest: Digest, size: Int) {
        guard bytes.count <= min(Outbox.largestSent, room) else {
            return (try open().add(bytes), bytes.count)
        }
        sent.append(bytes)
        room -= bytes.count
        return (Digest(of: bytes.span), bytes.count)
    }

    /// Adds a file; it is in the store with ``commit()``, or goes with the answer.
    func add(_ file: borrowing PlainFile) throws -> (digest: Digest, size: Int) {
        if file.size <= min(Outbox.largestSent, room) { return try add(file.wholeSmall()) }
        return (try open().add(file), file.size)
    }

    /// Puts what is not small into the store, durably.
    ///
    /// - Returns: what goes with the answer.
    func commit() throws -> [[UInt8]] {
        try batch?.commit()
        return take()
    }

    /// Gives up what was added since the last commit.
    func abandon() {
        batch = nil
        _ = take()
    }

    private func take() -> [[UInt8]] {
        defer { (sent, room) = ([], Outbox.mostSent) }
        return sent
    }

    private func open() throws -> BlobBatch {
        if let batch { return batch }
        try store.requireWritable()
        let opened = try BlobBatch(store: store, expecting: 1)
        batch = opened
        return opened
    }
}
