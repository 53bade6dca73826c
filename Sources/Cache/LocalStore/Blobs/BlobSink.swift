import Canon
import System

/// Takes a blob's own bytes: hashed, compressed and written as they come, none beyond the declared.
package final class BlobSink {
    private let blob: WantedBlob
    private let batch: BlobBatch
    private let onBytes: (Int) -> Void
    private var draft: BlobDraft?
    private var hasher: SHA256Hasher? = SHA256Hasher()
    private var small: [UInt8] = []
    private var count = 0

    /// Prepares to take a blob into a batch; `onBytes` is told as bytes come.
    package init(_ blob: WantedBlob, batch: BlobBatch, onBytes: @escaping (Int) -> Void) {
        self.blob = blob
        self.batch = batch
        self.onBytes = onBytes
    }

    /// The bytes that have to come: as the result says, else as the server does.
    private var expected: Int?

    /// Only a large blob of a known size goes to the disk before it is whole.
    private var isSmall: Bool { expected.map { $0 <= 1 << 18 } ?? true }

    /// Begins, with the number of bytes that is declared.
    ///
    /// - Returns: why the blob is not taken; `nil` where it is.
    package func begin(length: Int?) -> String? {
        expected = blob.size ?? length
        guard blob.size == nil, let length, length > 1 << 20, length > batch.store.freeBytes else {
            return nil
        }
        return "it declares \(length) bytes, but the disk of the store has "
            + "\(batch.store.freeBytes) left"
    }

    /// Forgets what came: it comes again from its beginning.
    package func restart() {
        draft = nil
        hasher = SHA256Hasher()
        small = []
        count = 0
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``OperationalError``.
    package func receive(_ piece: UnsafeRawBufferPointer) throws {
        count += piece.count
        onBytes(piece.count)
        if isSmall {
            unsafe small.append(contentsOf: piece)
            return
        }
        if draft == nil {
            draft = try BlobDraft(store: batch.store, contentSize: expected ?? 0)
        }
        unsafe hasher?.update(Span(_unsafeBytes: piece))
        try unsafe draft?.append(piece, isLast: count == expected)
    }

    /// Hands the blob to the batch; why not, where it is another.
    package func finish() throws -> String? {
        if let size = blob.size ?? expected, count != size {
            return "expected \(size) bytes, found \(count)"
        }
        let found = isSmall ? Digest(of: small.span) : hasher.take()?.finalize()
        guard found == blob.digest else {
            return "its bytes hash to \(found?.hex ?? "nothing")"
        }
        if isSmall {
            try batch.add(small, as: blob.digest)
        } else if let draft {
            try batch.add(draft, as: blob.digest)
        }
        return nil
    }
}
