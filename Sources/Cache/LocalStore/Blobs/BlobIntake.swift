package import Canon
import System

/// Takes files of an archive into a store as blobs, in groups that wait for the disk once.
package final class BlobIntake {
    private let batch: BlobBatch
    /// How many blobs were taken.
    package private(set) var count = 0

    /// Begins to take about so many blobs.
    ///
    /// - Throws: ``OperationalError`` where the store cannot be written.
    package init(_ store: Store, expecting count: Int) throws {
        try store.requireWritable()
        batch = try BlobBatch(store: store, expecting: count)
    }

    /// Takes the current file of an archive: hashed and compressed as it comes, in bounded memory.
    ///
    /// It is in the store, durably, once its group is complete, at the latest with ``finish()``.
    /// - Returns: what was expected and found where its bytes hash to another digest; `nil` where it is good.
    /// - Throws: ``OperationalError``.
    package func take(_ archive: TarReader, _ digest: Digest, size: Int) throws -> String? {
        if batch.waiting.contains(digest) {
            try archive.read { _ in }
            return nil
        }
        let sink = BlobSink(WantedBlob(digest, size: size), batch: batch) { _ in }
        _ = sink.begin(length: size)
        try archive.read { piece in
            try unsafe piece.withUnsafeBytes { try unsafe sink.receive($0) }
        }
        if let reason = try sink.finish() {
            return "expected \(size) bytes that hash to \(digest), but \(reason)"
        }
        count += 1
        if batch.isFull { try batch.commit() }
        return nil
    }

    /// Waits until every blob that was taken is in the store, durably.
    package func finish() throws { try batch.commit() }
}
