import CZstd
package import Canon
import Glibc
import System

/// Reads one stored blob from its start, uncompressed and hashed, as fast as it is asked for.
///
/// The last bytes are only given out once all of them hash to the blob's name, so that nobody
/// receives a whole blob that is damaged.
@safe package final class BlobReader {
    private let path: String
    private let digest: Digest
    private var file: PlainFile
    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    private var source = unsafe ZSTD_inBuffer(src: nil, size: 0, pos: 0)
    private var hasher: SHA256Hasher? = SHA256Hasher()
    private var done = 0
    /// The blob's size.
    package private(set) var size = 0
    /// Told of bytes as they are given out.
    package var onBytes: (Int) -> Void = { _ in }

    /// Opens a blob of a layer; `nil` where it is not there.
    ///
    /// - Throws: ``OperationalError`` `corrupt` where the file is no frame with a content size.
    package init?(_ digest: Digest, layer: String) throws {
        path = Store.blobPath(layer, digest)
        self.digest = digest
        guard let file = try PlainFile.open(path, followingLinks: false) else { return nil }
        self.file = file
        guard let context = unsafe ZSTD_createDCtx() else {
            preconditionFailure("zstd: out of memory")
        }
        unsafe self.context = context
        let length = self.file.size
        unsafe input = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(1 << 18, max(64, length + 1)), alignment: 64)
        try refill()
        let declared = unsafe ZSTD_getFrameContentSize(source.src, source.size)
        guard declared <= UInt64(Int.max) else { throw damaged("it is no zstd frame with a size") }
        size = Int(declared)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe input.deallocate()
    }

    private func damaged(_ reason: String) -> OperationalError {
        OperationalError.damaged(path, reason)
    }

    private func refill() throws {
        guard let base = unsafe input.baseAddress else { return }
        let count = try unsafe file.read(into: base, input.count)
        unsafe source = ZSTD_inBuffer(src: UnsafeRawPointer(base), size: count, pos: 0)
    }

    /// Goes back to the beginning.
    package func rewind() throws {
        guard done > 0 else { return }
        file = try PlainFile.required(path, followingLinks: false)
        _ = unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        hasher = SHA256Hasher()
        done = 0
        try refill()
    }

    /// Reads the next bytes into a buffer, as many as it has room for.
    ///
    /// - Returns: how many; 0 at the end.
    /// - Throws: ``OperationalError`` `corrupt` where the file is no good copy of the blob.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var target = unsafe ZSTD_outBuffer(
            dst: buffer.baseAddress, size: min(buffer.count, size - done), pos: 0)
        while unsafe target.pos < target.size {
            if unsafe source.pos == source.size {
                try refill()
                guard unsafe source.size > 0 else { throw damaged("the frame is cut short") }
            }
            let left = unsafe ZSTD_decompressStream(context, &target, &source)
            guard ZSTD_isError(left) == 0 else {
                throw damaged(unsafe String(cString: ZSTD_getErrorName(left)))
            }
            guard unsafe left > 0 || target.pos == target.size else {
                throw damaged("the frame is shorter than it says")
            }
        }
        let count = unsafe target.pos
        unsafe hasher?.update(
            Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        done += count
        onBytes(count)
        if done == size && count > 0 {
            let found = hasher.take()?.finalize()
            guard found == digest else { throw damaged("its bytes hash to another digest") }
        }
        return count
    }
}
