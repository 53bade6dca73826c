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
    func copyFrame(
        _ blob: WantedBlob, from layer: String, into batch: BlobBatch,
        onBytes: (Int) -> Void = { _ in }
    ) throws -> Bool {
        if batch.waiting.contains(blob.digest) { return true }
        let path = Store.blobPath(layer, blob.digest)
        let opened: FileHandle?
        do {
            opened = try FileHandle.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        } catch let error as StoreError where error.code == .untrusted {
            try setAside(path, reason: "it is a link", isOwn: false)
            return false
        }
        guard let file = opened else { return false }
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else {
            try setAside(path, reason: "it is no file", isOwn: false)
            return false
        }
        let draft = try BlobDraft(frameIn: batch.store)
        let scratch = batch.scratch
        scratch.begin()
        var hasher = SHA256Hasher()
        var given = 0
        do {
            try unsafe scratch.decompress(file, size: Int(status.st_size), path: path) { part in
                given += part.count
                guard given <= blob.limit else {
                    throw ZstdError(reason: "it gives more than \(blob.limit) bytes")
                }
                unsafe hasher.update(Span(_unsafeBytes: part))
                onBytes(part.count)
            } frame: {
                try unsafe draft.write(frame: $0)
            }
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
        try batch.add(draft, as: blob.digest)
        return true
    }
}

/// Buffers and a decompression that serve one frame after the other: making them anew for each would
/// cost more than a small blob itself.
@safe final class FrameScratch {
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    private var decompressor = ZstdDecompressor()
    private var compressor = ZstdCompressor(contentSize: 0)

    deinit {
        unsafe input.deallocate()
        unsafe output.deallocate()
    }

    /// Gets ready for another frame.
    func begin() { decompressor.reset() }

    /// Reads a file of `size` bytes that is one frame; `content` gets what it says, `frame` what it is.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame, and what the closures throw.
    func decompress(
        _ file: borrowing FileHandle, size: Int, path: String,
        content: (UnsafeRawBufferPointer) throws -> Void,
        frame: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var read = 0
        while let base = unsafe input.baseAddress {
            let count = try unsafe file.read(into: base, input.count, path: path)
            if count == 0 { break }
            read += count
            let piece = unsafe UnsafeRawBufferPointer(rebasing: input[..<count])
            try unsafe decompressor.decompress(piece, into: output, sink: content)
            try unsafe frame(piece)
            if decompressor.isComplete && read == size { break }
        }
        guard decompressor.isComplete else { throw ZstdError(reason: "the frame is cut short") }
    }

    /// The bytes of a blob of a layer, verified; `nil` where it is not there, or not small.
    ///
    /// - Throws: ``StoreError`` `corrupt` where it is damaged.
    func smallBytes(of digest: Digest, layer: String) throws -> [UInt8]? {
        let path = Store.blobPath(layer, digest)
        guard let file = try FileHandle.open(path, O_RDONLY | O_NONBLOCK),
            let base = unsafe input.baseAddress
        else { return nil }
        let count = try unsafe file.read(into: base, input.count, path: path)
        let size = Int(clamping: unsafe ZSTD_getFrameContentSize(base, count))
        // What cannot be told, or is no frame at all, comes out as more than any size.
        guard unsafe count < input.count && size <= output.count else { return nil }
        begin()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        do {
            try unsafe decompressor.decompress(
                UnsafeRawBufferPointer(rebasing: input[..<count]), into: output
            ) { unsafe bytes.append(contentsOf: $0) }
        } catch let error as ZstdError { throw StoreError.damaged(path, error.reason) }
        guard decompressor.isComplete, Digest(of: bytes.span) == digest else {
            throw StoreError.damaged(path, "its bytes hash to another digest")
        }
        return bytes
    }

    /// Compresses bytes into one frame.
    func compress(_ bytes: [UInt8], sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        compressor.reset(contentSize: bytes.count)
        try unsafe bytes.withUnsafeBytes {
            try unsafe compressor.compress(
                $0, isLast: true, into: output, path: "memory", sink: sink)
        }
    }
}

extension StoreError {
    /// A blob of a store that is not what it is named.
    static func damaged(_ path: String, _ reason: String) -> StoreError {
        StoreError(
            code: .corrupt, message: "\(path): \(reason)",
            remedy: "bitlaw verify --repair   (sets it aside and makes it again)")
    }
}

extension Store {
    /// What is left of the store's disk, in bytes; no bound where that cannot be told.
    var freeBytes: Int {
        var status = statvfs()
        return unsafe statvfs(path, &status) == 0
            ? Int(status.f_bavail) * Int(status.f_frsize) : .max
    }
}
