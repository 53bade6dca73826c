import Canon
import Glibc
import System

/// The frame of a large blob that is being written: a file in `tmp/`, gone unless a batch takes it.
@safe final class BlobDraft {
    private let isDurable: Bool
    private let path: String
    /// Open until the blob is complete.
    private var file: FileHandle?
    private var compressor: ZstdCompressor?
    private let buffer: UnsafeMutableRawBufferPointer
    private var isTaken = false
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
        isDurable = store.isDurable
        self.compressor = consume compressor
        unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        path = "\(store.path)/tmp/blob-\(randomName())"
        file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
    }

    deinit {
        unsafe buffer.deallocate()
        if !isTaken { _ = unsafe unlink(path) }
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

    /// Lets the disk begin with what is not on it yet.
    private func startWriting() {
        if isDurable { file?.startWriting(from: started, count: written - started) }
        started = written
    }

    /// Ends writing; the disk begins with a large blob at once, small ones it writes better together.
    ///
    /// - Returns: the file, which is the caller's from now on.
    func complete() throws -> String {
        if written - started >= 1 << 18 { startWriting() }
        try file.take()?.close(path: path)
        isTaken = true
        return path
    }
}
