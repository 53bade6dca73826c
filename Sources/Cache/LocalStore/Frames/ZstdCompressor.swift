import CZstd
import System

/// A zstd compression in progress: one frame with content size and checksum.
@safe struct ZstdCompressor: ~Copyable {
    private let context: OpaquePointer

    /// Starts a frame of a known content size; level 3 is zstd's own default.
    init(contentSize: Int, level: Int32 = 3) {
        guard let context = unsafe ZSTD_createCCtx() else {
            preconditionFailure("zstd: out of memory")
        }
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        _ = unsafe ZSTD_CCtx_setPledgedSrcSize(context, UInt64(contentSize))
        unsafe self.context = context
    }

    /// Starts a frame whose content size is not known yet.
    init(level: Int32) {
        guard let context = unsafe ZSTD_createCCtx() else {
            preconditionFailure("zstd: out of memory")
        }
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Forgets the frame, whole or not, and starts another of a known content size.
    mutating func reset(contentSize: Int) {
        _ = unsafe ZSTD_CCtx_reset(context, ZSTD_reset_session_only)
        _ = unsafe ZSTD_CCtx_setPledgedSrcSize(context, UInt64(contentSize))
    }

    /// Compresses all of `input`, giving each piece of output to `sink`; `isLast` ends the frame.
    ///
    /// - Throws: what `sink` throws, or the size mismatch when a file changed while it was read.
    mutating func compress(
        _ input: UnsafeRawBufferPointer, isLast: Bool, into buffer: UnsafeMutableRawBufferPointer,
        path: String, sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let left = unsafe ZSTD_compressStream2(
                context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
            guard ZSTD_isError(left) == 0 else {
                throw OperationalError(
                    code: .inputOutput,
                    message: "\(path): changed while it was read "
                        + "(\(unsafe String(cString: ZSTD_getErrorName(left))))",
                    remedy: "leave the file alone while it is stored, then try again")
            }
            let (made, read) = unsafe (target.pos, source.pos)
            if made > 0 { try unsafe sink(UnsafeRawBufferPointer(rebasing: buffer[..<made])) }
            if isLast ? left == 0 : read == input.count { return }
        }
    }
}
