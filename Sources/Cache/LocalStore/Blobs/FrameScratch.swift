import CZstd
package import Canon
import Packing
import System

/// Buffers and a decompression that serve one frame after the other: making them anew for each would
/// cost more than a small blob itself.
package final class FrameScratch {
    /// The bytes that are read or made at a time.
    package static let capacity = FrameReader.capacity
    private let reader = FrameReader()
    private var compressor = ZstdCompressor(contentSize: 0)

    /// Buffers for frames of any size.
    package init() {}

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
        var hasher = SHA256Hasher()
        var given = 0
        do {
            try unsafe reader.decompress(file) { part in
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

    /// The bytes of a blob of a layer, verified; `nil` where it is not there, or not small.
    ///
    /// - Throws: ``OperationalError`` `corrupt` where it is damaged.
    package func smallBytes(of digest: Digest, layer: String) throws -> [UInt8]? {
        let path = Store.blobPath(layer, digest)
        guard let file = try PlainFile.open(path, followingLinks: false) else { return nil }
        do {
            guard let bytes = try reader.smallBytes(of: file) else { return nil }
            guard Digest(of: bytes.span) == digest else {
                throw OperationalError.damaged(path, "its bytes hash to another digest")
            }
            return bytes
        } catch let error as ZstdError { throw OperationalError.damaged(path, error.reason) }
    }

    /// Bytes as one frame.
    func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        compressor.reset(contentSize: bytes.count)
        var frame: [UInt8] = []
        try unsafe bytes.withUnsafeBytes {
            try unsafe compressor.compress($0, isLast: true, into: reader.output, path: "memory") {
                unsafe frame.append(contentsOf: $0)
            }
        }
        return frame
    }
}
