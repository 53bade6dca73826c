import Glibc

/// A blob that is being written: a file in `tmp/`, gone unless it is published.
@safe final class BlobDraft {
    private let store: Store
    private let path: String
    private var file: FileHandle
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
        try unsafe file.write(frame, path: path)
        written += frame.count
        if store.isDurable, written - started >= 8 << 20 {
            file.startWriting(from: started, count: written - started)
            started = written
        }
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
    func startWriting() {
        if store.isDurable, written > started {
            file.startWriting(from: started, count: written - started)
        }
    }

    /// Waits until the bytes are on the disk.
    func synchronize() throws { try file.synchronize(path: path) }

    /// Gives the blob its name, once its bytes are on the disk.
    ///
    /// - Returns: the folders that have to reach the disk before anything may name the blob.
    func rename(to digest: Digest) throws -> [String] {
        let target = Store.blobPath(store.path, digest)
        let folder = "\(store.path)/cas/\(digest.hex.prefix(2))"
        if unsafe Glibc.rename(path, target) != 0 {
            guard errno == ENOENT else { throw StoreError.system("write", target) }
            try makeFolder(folder)
            guard unsafe Glibc.rename(path, target) == 0 else {
                throw StoreError.system("write", target)
            }
            isPublished = true
            return [folder, "\(store.path)/cas"]
        }
        isPublished = true
        return [folder]
    }
}

/// Blobs that become durable together: the disk writes many at once, and waits are shared.
///
/// None of them is in the store before ``commit()``; a kill in between leaves nothing behind that
/// anything names.
package final class BlobBatch {
    let store: Store
    private var drafts: [(draft: BlobDraft, digest: Digest)] = []
    private var bytes = 0
    private let barrier: DiskBarrier

    init(store: Store) throws {
        self.store = store
        barrier = try DiskBarrier(store)
    }

    /// Whether enough waits to be worth a commit; every draft holds a file open.
    var isFull: Bool { drafts.count >= 400 || bytes >= 256 << 20 }

    /// Whether the blob waits here.
    private(set) var waiting: Set<Digest> = []

    /// Adds a blob whose bytes are complete and hash to `digest`.
    func add(_ draft: BlobDraft, as digest: Digest) {
        guard waiting.insert(digest).inserted else { return }
        draft.startWriting()
        bytes += draft.written
        drafts.append((draft, digest))
    }

    /// Compresses and adds bytes that are in memory.
    func add(_ bytes: [UInt8], as digest: Digest) throws {
        guard !waiting.contains(digest) else { return }
        let draft = try BlobDraft(store: store, contentSize: bytes.count)
        try unsafe bytes.withUnsafeBytes { try unsafe draft.append($0, isLast: true) }
        add(draft, as: digest)
    }

    /// Puts everything that waits into the store, durably.
    func commit() throws {
        let new = drafts.filter { _, digest in
            unsafe access(Store.blobPath(store.path, digest), F_OK) != 0
        }
        try barrier.wait(for: new.count) {
            for (draft, _) in new { try draft.synchronize() }
        }
        var folders: Set<String> = []
        for (draft, digest) in new { folders.formUnion(try draft.rename(to: digest)) }
        try barrier.wait(forFolders: folders)
        drafts = []
        waiting = []
        bytes = 0
    }
}
