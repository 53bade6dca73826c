import CZstd
package import Canon
import Packing
import System

/// Buffers and a decompression that serve one frame after the other: making them anew for each would
/// cost more than a small blob itself.
// Its holder alone uses it: a pool lends it to one reader at a time.
@safe package final class FrameScratch: @unchecked Sendable {
    /// The bytes that are read or made at a time.
    package static let capacity = 1 << 18
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private var decompressor = ZstdDecompressor()
    private var compressor = ZstdCompressor(contentSize: 0)

    /// Buffers for frames of any size.
    package init() {}

    deinit {
        unsafe input.deallocate()
        unsafe output.deallocate()
    }

    /// Gets ready for another frame.
    private func begin() { decompressor.reset() }

    /// Reads the frame of a blob; `frame` gets its bytes before the verdict is known.
    ///
    /// No more than ``WantedBlob/limit`` bytes are made of it; `onBytes` is told as they come.
    func verify(
        _ blob: WantedBlob, at path: String, largest: Int, onBytes: (Int) -> Void,
        frame: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> FrameVerdict {
        let opened: PlainFile?
        do {
            opened = try PlainFile.open(path, followingLinks: false)
        } catch let error as OperationalError where error.code == .untrusted {
            return .damaged("it is a link")
        } catch let error as OperationalError where error.code == .malformed {
            return .damaged("it is no file")
        }
        guard let file = opened else { return .absent }
        let size = file.size
        if size > largest { return .large }
        begin()
        var hasher = SHA256Hasher()
        var given = 0
        do {
            try unsafe decompress(file) { part in
                given += part.count
                guard given <= blob.limit else {
                    throw ZstdError(reason: "it gives more than \(blob.limit) bytes")
                }
                unsafe hasher.update(Span(_unsafeBytes: part))
                onBytes(part.count)
            } frame: {
                try unsafe frame($0)
            }
        } catch let error as ZstdError { return .damaged(error.reason) }
        let found = hasher.finalize()
        guard found == blob.digest else { return .damaged("its bytes hash to \(found)") }
        if let size = blob.size, given != size {
            return .damaged("it has \(given) bytes instead of \(size)")
        }
        return .good(given)
    }

    /// The digest of what an open file holds as one frame; `sink` gets its bytes as they come.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame or cannot be read to its end, and what `sink` throws.
    func digest(
        of file: borrowing PlainFile, at path: String,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Digest {
        begin()
        var hasher = SHA256Hasher()
        try unsafe decompress(file) { piece in
            unsafe hasher.update(Span(_unsafeBytes: piece))
            try unsafe sink(piece)
        } frame: { _ in
        } unreadable: {
            ZstdError(reason: $0.reason(at: path))
        }
        return hasher.finalize()
    }

    /// Reads a file that is one frame; `content` gets what it says, `frame` what it is, and `unreadable` says
    /// what an error of the disk becomes.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame, and what the closures throw.
    private func decompress(
        _ file: borrowing PlainFile,
        content: (UnsafeRawBufferPointer) throws -> Void,
        frame: (UnsafeRawBufferPointer) throws -> Void,
        unreadable: (OperationalError) -> any Error = { $0 }
    ) throws {
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

    /// The bytes of a blob of a layer, verified; `nil` where it is not there, or not small.
    ///
    /// - Throws: ``OperationalError`` `corrupt` where it is damaged.
    package func smallBytes(of digest: Digest, layer: String) throws -> [UInt8]? {
        let path = Store.blobPath(layer, digest)
        guard let file = try PlainFile.open(path, followingLinks: false),
            let base = unsafe input.baseAddress
        else { return nil }
        let count = try unsafe file.read(into: base, input.count)
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
        } catch let error as ZstdError { throw OperationalError.damaged(path, error.reason) }
        guard decompressor.isComplete, Digest(of: bytes.span) == digest else {
            throw OperationalError.damaged(path, "its bytes hash to another digest")
        }
        return bytes
    }

    /// Bytes as one frame.
    func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        compressor.reset(contentSize: bytes.count)
        var frame: [UInt8] = []
        try unsafe bytes.withUnsafeBytes {
            try unsafe compressor.compress($0, isLast: true, into: output, path: "memory") {
                unsafe frame.append(contentsOf: $0)
            }
        }
        return frame
    }
}
