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

/// A blob whose frame is copied from other stores as it is.
struct FrameCopy: Sendable {
    /// What became of it.
    enum Outcome: Sendable, Equatable {
        /// It is written: so many bytes of the blob, and so many of the frame.
        case copied(content: Int, frame: Int)
        /// No layer has it.
        case absent
        /// The layers that have it have it damaged.
        case damaged(String)
        /// It is too large to be written as a whole.
        case large
    }

    let blob: WantedBlob
    /// The stores that may have it, in the order in which they are asked.
    let layers: [String]
    /// The file to write.
    let target: String

    /// Writes the file, once its bytes are known to be good; notes what is damaged in the store.
    func run(_ scratch: FrameScratch, noting store: Store) throws -> Outcome {
        var outcome = Outcome.absent
        for layer in layers {
            let path = Store.blobPath(layer, blob.digest)
            var frame: [UInt8] = []
            let verdict = try unsafe scratch.verify(
                blob, at: path, largest: FrameScratch.capacity, onBytes: { _ in }
            ) { unsafe frame.append(contentsOf: $0) }
            switch verdict {
            case .good(let content):
                try NewFile(path: target, bytes: frame).write()
                return .copied(content: content, frame: frame.count)
            case .large: return .large
            case .absent: continue
            case .damaged(let reason):
                store.note(Damage(path: path, reason: reason))
                outcome = .damaged(reason)
            }
        }
        return outcome
    }
}

extension BlobBatch {
    /// Copies the frames of blobs from other stores as they are, hashed and bounded on the way; what is
    /// good waits here then.
    ///
    /// A copy that is damaged, or gives more bytes than it may, is noted in the store's
    /// ``Store/damage`` and counts as missing. Small ones are copied by all processors.
    func copy(
        _ blobs: [WantedBlob], from layers: [String], onBytes: (Int) -> Void,
        each: (WantedBlob, RemoteAnswer<Int>) throws -> Void
    ) throws {
        for start in stride(from: 0, to: blobs.count, by: 1024) {
            let some = blobs[start..<min(start + 1024, blobs.count)]
            let drafts = try some.map { try reserve($0.digest) }
            let copies = zip(some, drafts).map {
                FrameCopy(blob: $0, layers: layers, target: $1.path)
            }
            let outcomes = try copies.concurrentMap { [store] part in
                let scratch = FrameScratch()
                return try part.map { try $0.run(scratch, noting: store) }
            }
            var written: [DraftBatch.Draft] = []
            for (draft, outcome) in zip(drafts, outcomes) {
                if case .copied = outcome { written.append(draft) }
            }
            keep(written)
            for (copy, outcome) in zip(copies, outcomes) {
                switch outcome {
                case .copied(let content, let frame):
                    note(copy.blob.digest, frame)
                    onBytes(content)
                    try each(copy.blob, .found(content))
                case .absent: try each(copy.blob, .absent)
                case .damaged(let reason): try each(copy.blob, .bad(reason))
                case .large: try each(copy.blob, try copyLarge(copy, onBytes: onBytes))
                }
                if isFull { try commit() }
            }
        }
    }

    /// Copies a frame piece by piece.
    private func copyLarge(_ copy: FrameCopy, onBytes: (Int) -> Void) throws -> RemoteAnswer<Int> {
        var answer = RemoteAnswer<Int>.absent
        for layer in copy.layers {
            let path = Store.blobPath(layer, copy.blob.digest)
            let draft = try BlobDraft(frameIn: store)
            let verdict = try unsafe scratch.verify(
                copy.blob, at: path, largest: .max, onBytes: onBytes
            ) { try unsafe draft.write(frame: $0) }
            switch verdict {
            case .good(let content):
                try add(draft, as: copy.blob.digest)
                return .found(content)
            case .absent, .large: continue
            case .damaged(let reason):
                store.note(Damage(path: path, reason: reason))
                answer = .bad(reason)
            }
        }
        return answer
    }
}

/// What a frame turned out to be.
enum FrameVerdict: Equatable {
    /// It is the blob, of so many bytes.
    case good(Int)
    /// Nothing is there.
    case absent
    /// It is something else.
    case damaged(String)
    /// The file is larger than what was asked for.
    case large
}

/// Buffers and a decompression that serve one frame after the other: making them anew for each would
/// cost more than a small blob itself.
@safe final class FrameScratch {
    /// The bytes that are read or made at a time.
    static let capacity = 1 << 18
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private var decompressor = ZstdDecompressor()
    private var compressor = ZstdCompressor(contentSize: 0)

    deinit {
        unsafe input.deallocate()
        unsafe output.deallocate()
    }

    /// Gets ready for another frame.
    func begin() { decompressor.reset() }

    /// Reads the frame of a blob; `frame` gets its bytes before the verdict is known.
    ///
    /// No more than ``WantedBlob/limit`` bytes are made of it; `onBytes` is told as they come.
    func verify(
        _ blob: WantedBlob, at path: String, largest: Int, onBytes: (Int) -> Void,
        frame: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> FrameVerdict {
        // Without waiting: a pipe that somebody put there must not hang us.
        let opened: FileHandle?
        do {
            opened = try FileHandle.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        } catch let error as StoreError where error.code == .untrusted {
            return .damaged("it is a link")
        }
        guard let file = opened else { return .absent }
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { return .damaged("it is no file") }
        let size = Int(status.st_size)
        if size > largest { return .large }
        begin()
        var hasher = SHA256Hasher()
        var given = 0
        do {
            try unsafe decompress(file, size: size, path: path) { part in
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

    /// Reads a file of `size` bytes that is one frame; `content` gets what it says, `frame` what it is.
    ///
    /// - Throws: ``ZstdError`` where it is no whole frame, and what the closures throw.
    private func decompress(
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
