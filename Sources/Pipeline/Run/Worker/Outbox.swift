import Canon
import LocalStore
import System

/// What an action brings into the store: the description of its key, its outputs and its log come in together
/// when it ended well, and share their waits for the disk.
final class Outbox {
    private let store: Store
    /// Kept from one action to the next, with its buffers.
    private var batch: BlobBatch?

    init(_ store: Store) { self.store = store }

    /// Adds bytes; they are in the store with ``commit()``.
    func add(_ bytes: [UInt8]) throws -> Digest { try open().add(bytes) }

    /// Adds a file; it is in the store with ``commit()``.
    func add(_ file: borrowing PlainFile) throws -> (digest: Digest, size: Int) {
        (try open().add(file), file.size)
    }

    /// Puts all of it into the store, durably.
    func commit() throws { try batch?.commit() }

    /// Gives up what was added since the last commit.
    func abandon() { batch = nil }

    private func open() throws -> BlobBatch {
        if let batch { return batch }
        try store.requireWritable()
        let opened = try BlobBatch(store: store, expecting: 1)
        batch = opened
        return opened
    }
}
