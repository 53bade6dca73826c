import CZstd

/// Why a frame does not decompress.
package struct ZstdError: Error {
    /// What was wrong with it.
    package let reason: String

    /// Names a reason.
    package init(reason: String) { self.reason = reason }
}

/// A zstd decompression in progress: exactly one frame and nothing after it, or any number of them.
@safe package struct ZstdDecompressor: ~Copyable {
    private let context: OpaquePointer
    private let takesMore: Bool
    private var ended = false

    /// Starts a frame; with `takesMore`, others may follow it, as in files that were joined.
    package init(takesMore: Bool = false) {
        self.takesMore = takesMore
        guard let context = unsafe ZSTD_createDCtx() else {
            preconditionFailure("zstd: out of memory")
        }
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// Forgets the frame, whole or not, and starts another.
    package mutating func reset() {
        _ = unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        ended = false
    }

    /// Decompresses all of `input`, giving each piece of output to `sink`.
    package mutating func decompress(
        _ input: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer,
        sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            if ended {
                if unsafe source.pos == input.count { return }
                guard !takesMore else {
                    ended = false
                    continue
                }
                throw ZstdError(reason: "bytes follow the end of the frame")
            }
            var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let left = unsafe ZSTD_decompressStream(context, &target, &source)
            guard ZSTD_isError(left) == 0 else {
                throw ZstdError(reason: unsafe String(cString: ZSTD_getErrorName(left)))
            }
            let (made, read) = unsafe (target.pos, source.pos)
            if made > 0 { try unsafe sink(UnsafeRawBufferPointer(rebasing: buffer[..<made])) }
            if left == 0 { ended = true }
            if !ended && made < buffer.count && read == input.count { return }
        }
    }

    /// Whether the last frame came to its end.
    package var isComplete: Bool { ended }
}
