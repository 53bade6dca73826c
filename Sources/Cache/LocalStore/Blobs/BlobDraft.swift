import Canon
import Glibc
import System

/// A blob that is being written: a file in `tmp/`, gone unless it is published.
@safe final class BlobDraft {
    private let store: Store
    private let path: String
    /// Open until the blob is complete.
    private var file: FileHandle?
    private var compressor: ZstdCompressor?
    private let buffer: UnsafeMutableRawBufferPointer
    private var isPublished = false
    /// How much is written, and how much of it the disk was told to begin with.
    private(set) var written = 0
    private var started = 0

    /// Begins a blob of a known size, whose bytes are given uncompressed.
    convenience init(store: Store, contentSize: Int) throws {
        try self.init(
            store: store, compressor: ZstdCompressor(contentSize: contentSize),
            capacity: min(chunkSize, contentSize + 4096))
    }

    /// Begins a blob that is given as the frame that it is stored in.
    convenience init(frameIn store: Store) throws {
        try self.init(store: store, compressor: nil, capacity: 0)
    }

    private init(store: Store, compressor: consuming ZstdCompressor?, capacity: Int) throws {
        self.store = store
        self.compressor = consume compressor
        unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        path = "\(store.path)/tmp/blob-\(randomName())"
        file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
    }

    deinit {
        unsafe buffer.deallocate()
        if !isPublished { _ = unsafe unlink(path) }
    }

    /// Compresses and writes the next bytes; `isLast` ends the frame.
    func append(_ piece: UnsafeRawBufferPointer, isLast: Bool) throws {
        try unsafe compressor?.compress(piece, isLast: isLast, into: buffer, path: path) { output in
            try unsafe write(frame: output)
        }
    }

    /// Writes bytes of the frame as they are.
    func write(frame: UnsafeRawBufferPointer) throws {
        try unsafe file?.write(frame, path: path)
        written += frame.count
        if written - started >= 8 << 20 { startWriting() }
    }

    /// fsync, rename, fsync the folder (and its parent, when the folder is new).
    func publish(as digest: Digest) throws {
        if unsafe access(Store.blobPath(store.path, digest), F_OK) == 0 { return }
        if store.isDurable { try synchronize() }
        for folder in try rename(to: digest) where store.isDurable {
            try synchronizeFolder(folder)
        }
    }

    /// Lets the disk begin with what is not on it yet.
    private func startWriting() {
        if store.isDurable { file?.startWriting(from: started, count: written - started) }
        started = written
    }

    /// Ends writing; the disk begins with a large blob at once, small ones it writes better together.
    func complete() throws {
        if written - started >= 1 << 18 { startWriting() }
        try file.take()?.close(path: path)
    }

    /// Waits until the bytes are on the disk.
    func synchronize() throws {
        if file == nil {
            // Another descriptor of the same file waits for the same bytes, and tells the same errors.
            try FileHandle.required(path, O_RDONLY).synchronize(path: path)
        } else {
            try file?.synchronize(path: path)
        }
    }

    /// Gives the blob its name, once its bytes are on the disk.
    ///
    /// - Returns: the folders that have to reach the disk before anything may name the blob.
    func rename(to digest: Digest) throws -> [String] {
        let target = Store.blobPath(store.path, digest)
        let folder = "\(store.path)/cas/\(digest.hex.prefix(2))"
        if unsafe Glibc.rename(path, target) != 0 {
            guard errno == ENOENT else { throw OperationalError.system("write", target) }
            try makeFolder(folder)
            guard unsafe Glibc.rename(path, target) == 0 else {
                throw OperationalError.system("write", target)
            }
            isPublished = true
            return [folder, "\(store.path)/cas"]
        }
        isPublished = true
        return [folder]
    }
}
