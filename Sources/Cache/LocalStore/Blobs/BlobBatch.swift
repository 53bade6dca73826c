package import Canon
import Glibc
import System

/// Blobs that become durable together: the disk writes many at once, and waits are shared.
///
/// None of them is in the store before ``commit()``; a kill in between leaves nothing behind that
/// anything names.
package final class BlobBatch {
    let store: Store
    private let small: DraftBatch
    private var large: [(draft: BlobDraft, digest: Digest)] = []
    private var bytes = 0
    /// When the oldest of what waits was added.
    private var begun: ContinuousClock.Instant?
    /// Buffers that are used for one blob after the other.
    private(set) lazy var scratch = FrameScratch()

    /// The blobs that wait here.
    private(set) var waiting: Set<Digest> = []

    /// Prepares for about so many blobs.
    package init(store: Store, expecting count: Int) throws {
        self.store = store
        small = try DraftBatch(store, area: "cas", expecting: count)
    }

    /// Whether enough waits to be worth a commit: in number, in bytes, or in the time that it took to
    /// come here, so that a transfer that is cut off loses seconds.
    package var isFull: Bool {
        waiting.count >= 1 << 14 || bytes >= 256 << 20
            || begun.map { ContinuousClock.now - $0 > .seconds(10) } ?? false
    }

    /// Whether the store itself has the blob.
    package func isStored(_ digest: Digest) -> Bool {
        guard small.hasShard(of: digest) else { return false }
        return unsafe access(Store.blobPath(store.path, digest), R_OK) == 0
    }

    /// Adds a blob whose bytes are complete and hash to `digest`.
    func add(_ draft: BlobDraft, as digest: Digest) throws {
        if waiting.contains(digest) { return }
        try draft.complete()
        note(digest, draft.written)
        large.append((draft, digest))
    }

    /// Adds a small frame whose content hashes to `digest`.
    func add(frame: [UInt8], as digest: Digest) throws {
        if waiting.contains(digest) { return }
        try small.add(frame, for: digest, suffix: ".zst")
        note(digest, frame.count)
    }

    /// Compresses and adds bytes that are in memory.
    func add(_ bytes: [UInt8], as digest: Digest) throws {
        guard !waiting.contains(digest) else { return }
        try add(frame: try scratch.compress(bytes), as: digest)
    }

    /// Where to write the frame of a small blob; those that are written are given back to
    /// ``keep(_:)`` and ``note(_:_:)``.
    func reserve(_ digest: Digest) throws -> DraftBatch.Draft {
        try small.reserve(digest, suffix: ".zst")
    }

    /// Takes frames that are written.
    func keep(_ written: [DraftBatch.Draft]) { small.keep(written) }

    /// Counts a blob that waits now, with the bytes of its frame.
    func note(_ digest: Digest, _ written: Int) {
        waiting.insert(digest)
        begun = begun ?? ContinuousClock.now
        bytes += written
    }

    /// Puts everything that waits into the store, durably.
    package func commit() throws {
        if waiting.isEmpty { return }
        try small.synchronize(with: large.count) {
            for (draft, _) in large { try draft.synchronize() }
        }
        var folders: Set<String> = []
        for (draft, digest) in large { folders.formUnion(try draft.rename(to: digest)) }
        try small.move(and: folders) { _, draft in
            if draft.renameNew() { return true }
            if errno == EEXIST { return false }  // somebody else was faster
            try draft.rename()
            return true
        }
        large = []
        waiting = []
        bytes = 0
        begun = nil
    }
}
