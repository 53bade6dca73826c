package import Canon
import Glibc
package import System

/// Blobs that become durable together: the disk writes many at once, and waits are shared.
///
/// The only way by which a blob comes into a store; a single one is a batch of one. None is in the store
/// before ``commit()``; a kill in between leaves nothing behind that anything names.
package final class BlobBatch {
    let store: Store
    private let drafts: DraftBatch
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
        drafts = try DraftBatch(store, area: "cas", expecting: count)
    }

    /// Whether enough waits to be worth a commit: in number, in bytes, or in the time that it took to
    /// come here, so that a transfer that is cut off loses seconds.
    package var isFull: Bool {
        waiting.count >= 1 << 14 || bytes >= 256 << 20
            || begun.map { ContinuousClock.now - $0 > .seconds(10) } ?? false
    }

    /// Whether the store itself has the blob.
    package func isStored(_ digest: Digest) -> Bool {
        guard drafts.hasShard(of: digest) else { return false }
        return Store.hasBlob(digest, in: store.path)
    }

    /// Whether the store has the blob, as far as a short look tells: a small one is read, of others the
    /// beginning is.
    ///
    /// A damaged one is set aside: what is executed again mends it.
    private func hasGood(_ digest: Digest, size: Int?) throws -> Bool {
        guard isStored(digest) else { return false }
        if let size, size <= FrameScratch.capacity { return try store.hasGoodCopy(of: digest) }
        return try store.contentSize(of: digest, in: store.path, isOwn: true) != nil
    }

    /// Adds bytes that are in memory.
    func add(_ bytes: [UInt8], as digest: Digest) throws {
        guard !waiting.contains(digest) else { return }
        if bytes.count <= FrameScratch.capacity {
            return try add(frame: scratch.compress(bytes), as: digest)
        }
        let draft = try BlobDraft(store: store, contentSize: bytes.count)
        try unsafe bytes.withUnsafeBytes { try unsafe draft.append($0, isLast: true) }
        try add(draft, as: digest)
    }

    /// Adds the frame of a small blob that does not wait here yet.
    func add(frame: [UInt8], as digest: Digest) throws {
        try drafts.add(frame, for: digest, suffix: Store.blobSuffix)
        note(digest, frame.count)
    }

    /// Adds bytes that the store may have.
    ///
    /// - Throws: ``OperationalError``.
    package func add(_ bytes: [UInt8]) throws -> Digest {
        let digest = Digest(of: bytes.span)
        if try !hasGood(digest, size: bytes.count) { try add(bytes, as: digest) }
        return digest
    }

    /// Adds a file, in one pass and bounded memory; a small one passes through the buffers of this batch.
    ///
    /// - Throws: ``OperationalError``; also when the file changes its size while it is read.
    package func add(_ file: borrowing PlainFile) throws -> Digest {
        if file.size <= FrameScratch.capacity { return try add(file.wholeSmall()) }
        let size = file.size
        let draft = try BlobDraft(store: store, contentSize: size)
        var hasher = SHA256Hasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: chunkSize, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var done = 0
        repeat {
            guard let base = buffer.baseAddress else { break }
            let count = try unsafe file.read(into: base, chunkSize)
            let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hasher.update(Span(_unsafeBytes: piece))
            done += count
            if count == 0 && done < size { throw PlainFile.shortened(file.path) }
            try unsafe draft.append(piece, isLast: done >= size)
        } while done < size
        let digest = hasher.finalize()
        try add(draft, as: digest)
        return digest
    }

    /// Adds a blob whose bytes are complete and hash to `digest`; one that is there stays as it is.
    func add(_ draft: BlobDraft, as digest: Digest) throws {
        if try waiting.contains(digest) || hasGood(digest, size: nil) { return }
        drafts.take(try draft.complete(), for: digest, suffix: Store.blobSuffix)
        note(digest, draft.written)
    }

    /// Where to write the frame of a small blob; those that are written are given back to
    /// ``keep(_:)`` and ``note(_:_:)``.
    func reserve(_ digest: Digest) throws -> DraftBatch.Draft {
        try drafts.reserve(digest, suffix: Store.blobSuffix)
    }

    /// Takes frames that are written.
    func keep(_ written: [DraftBatch.Draft]) { drafts.keep(written) }

    /// Counts a blob that waits now, with the bytes of its frame.
    func note(_ digest: Digest, _ written: Int) {
        waiting.insert(digest)
        begun = begun ?? ContinuousClock.now
        bytes += written
    }

    /// Puts everything that waits into the store, durably; what somebody else put there meanwhile stays.
    package func commit() throws {
        if waiting.isEmpty { return }
        try drafts.synchronize()
        try drafts.move { _, draft in
            if try place(draft.path, at: draft.target, replacing: false) { return true }
            if Store.hasBlob(draft.digest, in: store.path) { return false }
            // A folder, a link, or what nobody may read: it keeps no blob out.
            try store.setAside(draft.target, reason: "expected a blob, found no file", isOwn: true)
            return try place(draft.path, at: draft.target, replacing: false)
        }
        waiting = []
        bytes = 0
        begun = nil
    }
}
