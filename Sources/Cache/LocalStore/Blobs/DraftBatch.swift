package import Canon
import Glibc
import System

/// Small files that become durable together and then get their names, in one of a store's folders of
/// shards `cas`, `actions` and `signatures`: the disk writes many at once, and waits are shared.
///
/// None of them is in the store before ``move(and:rename:)``; what is given up before leaves nothing.
package final class DraftBatch {
    /// A file that waits for its name.
    struct Draft {
        let digest: Digest
        /// Where it is.
        let path: String
        /// Where it belongs.
        let target: String
        fileprivate let isInShard: Bool

        /// Gives the file its name, whatever has it.
        func rename() throws {
            guard unsafe Glibc.rename(path, target) == 0 else {
                throw OperationalError.system("write", target)
            }
        }

        /// Gives the file its name unless something has it already.
        ///
        /// - Returns: whether it has it; else `errno` tells why not.
        func renameNew() -> Bool {
            let number = System.renameNew(path, to: target)
            if number == 0 { return true }
            // NFS and others do not know the call; link(2), unlike rename(2), refuses to replace too.
            guard number == EINVAL || number == ENOSYS || number == EOPNOTSUPP else {
                errno = number
                return false
            }
            guard unsafe link(path, target) == 0 else { return false }
            _ = unsafe unlink(path)
            return true
        }
    }

    private let store: Store
    private let area: String
    private let shards: ShardDrafts
    private let writer = FileWriter()
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
        barrier = try DiskBarrier(store)
        shards = ShardDrafts(store, area: self.area, expecting: count)
    }

    deinit { abandon() }

    /// Whether the store has the shard that a file belongs to; looks once for each.
    func hasShard(of digest: Digest) -> Bool { shards.hasShard(of: digest) }

    /// Writes a file `area/ab/cdef….suffix`, where `abcdef…` is the digest.
    package func add(_ bytes: [UInt8], for digest: Digest, suffix: String) throws {
        let draft = try reserve(digest, suffix: suffix)
        try writer.write(bytes, to: draft.path)
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
                try part.map { try NewFile(path: $0.path, bytes: bytes($0.item)).write() }
            }
            keep(drafts)
        }
    }

    /// Where to write a file `area/ab/cdef….suffix`; it is given back to ``keep(_:)`` once it is written.
    func reserve(_ digest: Digest, suffix: String) throws -> Draft {
        let hex = digest.hex
        let name = "\(hex.dropFirst(2))\(suffix)"
        let shard = try shards.path(for: digest, name: name)
        let draft = Draft(
            digest: digest, path: shard ?? "\(store.path)/tmp/draft-\(randomName())",
            target: "\(area)/\(hex.prefix(2))/\(name)", isInShard: shard != nil)
        reserved.append(draft)
        return draft
    }

    /// Takes files that are written, or will be; what else was reserved and is not written is forgotten.
    func keep(_ written: [Draft]) {
        let before = drafts.count / DiskBarrier.group
        drafts += written
        reserved = []
        if drafts.count / DiskBarrier.group > before { barrier.startWriting() }
    }

    /// Waits until all of them, and so many others that `each` waits for, are on the disk.
    package func synchronize(with others: Int = 0, each: () throws -> Void = {}) throws {
        try writer.finish()
        try barrier.wait(for: drafts.count + others) {
            for draft in drafts {
                try FileHandle.required(draft.path, O_RDONLY).synchronize(path: draft.path)
            }
            try each()
        }
    }

    /// Gives every file its name and waits until the names are on the disk.
    ///
    /// New shards move whole. Every other file is given to `rename` with its place in the order of
    /// adding, once its shard is there; that tells whether the file has its name now. `more` are folders
    /// in which others got theirs.
    func move(and more: Set<String> = [], rename: (Int, Draft) throws -> Bool) throws {
        let moved = try shards.move()
        var folders = moved.folders.union(more)
        for (place, draft) in drafts.enumerated() {
            defer { named = place + 1 }
            if draft.isInShard && moved.contains(draft.digest) { continue }
            let folder = String(draft.target.prefix(area.utf8.count + 3))
            if !shards.hasShard(of: draft.digest) && !folders.contains(folder) {
                try makeFolder(folder)
                folders.insert(area)
            }
            if try rename(place, draft) {
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
