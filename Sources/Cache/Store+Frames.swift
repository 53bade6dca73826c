import CZstd
import Glibc

/// A blob that is wanted from elsewhere.
package struct WantedBlob: Hashable, Sendable {
    /// Its name.
    package let digest: Digest
    /// The bytes that it has to have, as the result that names it says; `nil` for logs and
    /// descriptions of keys, which are bounded by ``largestUndeclared``.
    package let size: Int?

    /// The most bytes of a blob that no result declares the size of.
    package static let largestUndeclared = 16 << 20

    /// The most bytes that are taken.
    package let limit: Int

    /// Names a blob; `limit` is for one whose size nobody declares.
    package init(_ digest: Digest, size: Int?, limit: Int = WantedBlob.largestUndeclared) {
        self.digest = digest
        self.size = size
        self.limit = size ?? limit
    }
}

extension Store {
    /// Copies the frame of a blob from another store as it is, hashed and bounded on the way.
    ///
    /// A copy that is damaged, or gives more bytes than it may, is noted in ``damage`` and counts as
    /// missing.
    /// - Returns: whether the blob waits in the batch now.
    func copyFrame(_ blob: WantedBlob, from layer: String, into batch: BlobBatch) throws -> Bool {
        if batch.waiting.contains(blob.digest) { return true }
        let path = Store.blobPath(layer, blob.digest)
        guard let file = try FileHandle.open(path, O_RDONLY | O_NONBLOCK) else { return false }
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else {
            try setAside(path, reason: "it is no file", isOwn: false)
            return false
        }
        let draft = try BlobDraft(frameIn: batch.store)
        let capacity = min(1 << 18, max(64, Int(status.st_size)))
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        let output = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(1 << 18, max(64, blob.limit)), alignment: 64)
        defer {
            unsafe input.deallocate()
            unsafe output.deallocate()
        }
        var decompressor = ZstdDecompressor()
        var hasher = SHA256Hasher()
        var given = 0
        do {
            while let base = input.baseAddress {
                let count = try unsafe file.read(into: base, capacity, path: path)
                if count == 0 { break }
                let piece = unsafe UnsafeRawBufferPointer(rebasing: input[..<count])
                try unsafe decompressor.decompress(piece, into: output) { part in
                    given += part.count
                    guard given <= blob.limit else {
                        throw ZstdError(reason: "it gives more than \(blob.limit) bytes")
                    }
                    unsafe hasher.update(Span(_unsafeBytes: part))
                }
                try unsafe draft.write(frame: piece)
            }
            guard decompressor.isComplete else { throw ZstdError(reason: "the frame is cut short") }
        } catch let error as ZstdError {
            try setAside(path, reason: error.reason, isOwn: false)
            return false
        }
        let found = hasher.finalize()
        guard found == blob.digest, given == blob.size ?? given else {
            try setAside(
                path,
                reason: found == blob.digest
                    ? "it has \(given) bytes instead of \(blob.limit)"
                    : "its bytes hash to \(found)", isOwn: false)
            return false
        }
        batch.add(draft, as: blob.digest)
        return true
    }
}
