package import Canon
import Glibc
import System

/// Files that become durable together and then get their names, in one of a store's folders of shards
/// `cas`, `actions` and `signatures`: the disk writes many at once, and waits are shared.
///
/// In this order, for one file as for thousands: the files are written, outside of the folder; all are on
/// the disk; each gets its name; the names are on the disk. None is in the store before ``move(_:)``; what
/// is given up before leaves nothing.
package final class DraftBatch {
    /// A file that waits for its name.
    struct Draft {
        let digest: Digest
        /// Where it is.
        let path: String
        /// Where it belongs.
        let target: String
        fileprivate let isInShard: Bool
    }

    private let store: Store
    private let area: String
    private let shards: ShardDrafts
    private let writer = DraftWriter()
    private var barrier: DiskBarrier
    private var drafts: [Draft] = []
    /// How many of the drafts have their names, or never will.
    private var named = 0
    /// Places that were given out, and may be written by now.
    private var reserved: [Draft] = []

    /// Prepares for about so many files in `area`.
    package init(_ store: Store, area: String, expecting count: Int) throws {
        self.store = store
        self.area = "\(store.path)/\(area)"
        barrier = try DiskBarrier(store, expecting: count)
        shards = ShardDrafts(store, area: self.area, expecting: count)
    }

    deinit { abandon() }

    /// Whether the store has the shard that a file belongs to; looks once for each.
    func hasShard(of digest: Digest) -> Bool { shards.hasShard(of: digest) }

    /// Writes a file `area/ab/cdef….suffix`, where `abcdef…` is the digest.
    package func add(_ bytes: [UInt8], for digest: Digest, suffix: String) throws {
        let draft = try reserve(digest, suffix: suffix)
        try writer.add(bytes, to: draft.path)
        keep([draft])
    }

    /// Writes many such files, by all processors.
    func add<Item: Sendable>(
        _ items: [Item], name: (Item) -> (digest: Digest, suffix: String),
        bytes: @escaping @Sendable (Item) -> [UInt8]
    ) throws {
        for start in stride(from: 0, to: items.count, by: 1024) {
            let some = items[start..<min(start + 1024, items.count)]
            let drafts = try some.map { item in
                let name = name(item)
                return try reserve(name.digest, suffix: name.suffix)
            }
            _ = try zip(some, drafts).map { (item: $0, path: $1.path) }.concurrentMap { part in
                try part.map { try DraftWriter.write(bytes($0.item), to: $0.path) }
            }
            keep(drafts)
        }
    }

    /// Where to write a file `area/ab/cdef….suffix`; it is given back to ``keep(_:)`` once it is written.
    func reserve(_ digest: Digest, suffix: String) throws -> Draft {
        let name = "\(digest.hex.dropFirst(2))\(suffix)"
        let shard = try shards.path(for: digest, name: name)
        let draft = Draft(
            digest: digest, path: shard ?? "\(store.path)/tmp/draft-\(randomName())",
            target: target(digest, suffix), isInShard: shard != nil)
        reserved.append(draft)
        return draft
    }

    /// Takes a file that is written, and belongs at `area/ab/cdef….suffix`.
    func take(_ path: String, for digest: Digest, suffix: String) {
        let draft = Draft(
            digest: digest, path: path, target: target(digest, suffix), isInShard: false)
        keep([draft])
    }

    private func target(_ digest: Digest, _ suffix: String) -> String {
        let hex = digest.hex
        return "\(area)/\(hex.prefix(2))/\(hex.dropFirst(2))\(suffix)"
    }

    /// Takes files that are written, or will be; what else was reserved and is not written is forgotten.
    func keep(_ written: [Draft]) {
        let before = drafts.count / DiskBarrier.group
        drafts += written
        reserved = []
        if drafts.count / DiskBarrier.group > before { barrier.startWriting() }
    }

    /// Waits until all of them are on the disk.
    package func synchronize() throws {
        try writer.finish()
        try barrier.wait(for: drafts.count) {
            // The disk begins with all of them: the first wait is for most of the others too.
            for draft in drafts.dropFirst() {
                try FileHandle.required(draft.path, O_RDONLY).startWriting(from: 0, count: 0)
            }
            for draft in drafts {
                // Another descriptor of the same file waits for the same bytes, and tells the same errors.
                try FileHandle.required(draft.path, O_RDONLY).synchronize(path: draft.path)
            }
        }
    }

    /// Gives every file its name and waits until the names are on the disk.
    ///
    /// New shards move whole. Every other file is given to `name` with its place in the order of adding,
    /// once its shard is there; that tells whether the file has its name now.
    func move(_ name: (Int, Draft) throws -> Bool) throws {
        let moved = try shards.move()
        var folders = moved.folders
        for (place, draft) in drafts.enumerated() {
            defer { named = place + 1 }
            if draft.isInShard && moved.contains(draft.digest) { continue }
            let folder = String(draft.target.prefix(area.utf8.count + 3))
            if !shards.hasShard(of: draft.digest) && !folders.contains(folder) {
                try makeFolder(folder)
                folders.insert(area)
            }
            if try name(place, draft) {
                folders.insert(folder)
            } else {
                _ = unsafe unlink(draft.path)
            }
        }
        try barrier.wait(forFolders: folders)
        abandon()
    }

    /// Removes what did not get its name, and gets ready for other files.
    private func abandon() {
        writer.cancel()
        for draft in drafts[named...] + reserved where !draft.isInShard {
            _ = unsafe unlink(draft.path)
        }
        (drafts, reserved, named) = ([], [], 0)
        shards.reset()
    }
}
