package import Canon
import System

/// Takes files that people add by hand: blobs and pins become durable in groups, so that many small files
/// wait for the disk as often as a few.
///
/// A file counts as added once its blob and its pin are on the disk; only then is it told of.
package final class AddedFiles {
    /// A file that was added.
    package struct Added: Equatable, Sendable {
        /// Its place in the order of adding.
        package let place: Int
        /// The digest of its bytes.
        package let digest: Digest
        /// How many bytes it has.
        package let size: Int
    }

    private let store: Store
    private let batch: BlobBatch
    private let isAdded: (Added) throws -> Void
    private var count = 0
    /// The small files that are read and not hashed yet.
    private var small: [(place: Int, bytes: [UInt8])] = []
    private var smallBytes = 0
    /// What waits for the disk.
    private var waiting: [Added] = []

    /// Prepares for about so many files; `isAdded` is told each one, in their order.
    package init(
        _ store: Store, expecting count: Int, isAdded: @escaping (Added) throws -> Void
    ) throws {
        try store.requireWritable()
        self.store = store
        self.isAdded = isAdded
        batch = try BlobBatch(store: store, expecting: count)
    }

    /// Takes a file, in bounded memory.
    ///
    /// - Throws: ``OperationalError``; also when the file changes its size while it is read.
    package func add(fileAt path: String) throws {
        let file = try PlainFile.required(path, remedy: "an added file has to be a plain file")
        let place = count
        count += 1
        guard file.size <= FrameScratch.capacity else {
            let digest = try batch.add(file)
            waiting.append(Added(place: place, digest: digest, size: file.size))
            if batch.isFull { try finish() }
            return
        }
        let bytes = try file.read(file.size)
        small.append((place, bytes))
        smallBytes += bytes.count
        if small.count == 1024 || smallBytes >= 32 << 20 { try takeSmall() }
        if batch.isFull { try finish() }
    }

    private func takeSmall() throws {
        for (file, digest) in zip(small, try batch.add(small.map { $0.bytes })) {
            waiting.append(Added(place: file.place, digest: digest, size: file.bytes.count))
        }
        (small, smallBytes) = ([], 0)
    }

    /// Brings everything that waits to the disk, first the blobs and then their pins, and tells of it.
    ///
    /// - Throws: ``OperationalError``.
    package func finish() throws {
        try takeSmall()
        if waiting.isEmpty { return }
        try batch.commit()
        try store.pinAdded(waiting.map { $0.digest })
        let added = waiting.sorted { $0.place < $1.place }
        waiting = []
        for file in added { try isAdded(file) }
    }
}
