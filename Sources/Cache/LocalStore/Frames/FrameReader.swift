import CZstd
import Canon
import Packing
import System

/// Buffers and a decompression that serve one frame after the other.
// Its holder alone uses it: a pool lends it to one at a time.
@safe final class FrameReader: @unchecked Sendable {
    /// The bytes that are read or made at a time.
    static let capacity = 1 << 18
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    /// Where pieces are made, for whoever compresses meanwhile too.
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private var decompressor = ZstdDecompressor()

    deinit {
        unsafe input.deallocate()
        unsafe output.deallocate()
    }

    /// Reads a file that is one frame; `content` gets what it says, `frame` what it is, and `unreadable` says
    /// what an error of the disk becomes.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame, and what the closures throw.
    func decompress(
        _ file: borrowing PlainFile,
        content: (UnsafeRawBufferPointer) throws -> Void,
        frame: (UnsafeRawBufferPointer) throws -> Void = { _ in },
        unreadable: (OperationalError) -> any Error = { $0 }
    ) throws {
        decompressor.reset()
        var read = 0
        while let base = unsafe input.baseAddress {
            let count: Int
            do {
                count = try unsafe file.read(into: base, input.count)
            } catch let error as OperationalError { throw unreadable(error) }
            if count == 0 { break }
            read += count
            let piece = unsafe UnsafeRawBufferPointer(rebasing: input[..<count])
            try unsafe decompressor.decompress(piece, into: output, sink: content)
            try unsafe frame(piece)
            if decompressor.isComplete && read == file.size { break }
        }
        guard decompressor.isComplete else { throw ZstdError(reason: "the frame is cut short") }
    }

    /// The digest of what a file holds as one frame; `sink` gets its bytes as they come.
    ///
    /// - Throws: as ``decompress(_:content:frame:unreadable:)``.
    func digest(
        of file: borrowing PlainFile, _ sink: (UnsafeRawBufferPointer) throws -> Void,
        unreadable: (OperationalError) -> any Error
    ) throws -> Digest {
        var hasher = SHA256Hasher()
        try unsafe decompress(
            file,
            content: { piece in
                unsafe hasher.update(Span(_unsafeBytes: piece))
                try unsafe sink(piece)
            }, unreadable: unreadable)
        return hasher.finalize()
    }

    /// What a small file holds as one frame; `nil` where it is not small.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame.
    func smallBytes(of file: borrowing PlainFile) throws -> [UInt8]? {
        guard let base = unsafe input.baseAddress else { return nil }
        let count = try unsafe file.read(into: base, input.count)
        let size = Int(clamping: unsafe ZSTD_getFrameContentSize(base, count))
        // What cannot be told, or is no frame at all, comes out as more than any size.
        guard unsafe count < input.count && size <= output.count else { return nil }
        decompressor.reset()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        try unsafe decompressor.decompress(
            UnsafeRawBufferPointer(rebasing: input[..<count]), into: output
        ) { unsafe bytes.append(contentsOf: $0) }
        guard decompressor.isComplete else { throw ZstdError(reason: "the frame is cut short") }
        return bytes
    }
}
