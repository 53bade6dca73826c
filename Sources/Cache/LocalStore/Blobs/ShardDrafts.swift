import Canon
import Glibc
import System

/// New shards of one of a store's folders `cas`, `actions` and `signatures`.
///
/// A shard `ab` that the store does not have yet is filled in `tmp/`, its files under the names that
/// they will have, and then moves as it is: one rename for all of them.
final class ShardDrafts {
    /// Shards that got their places.
    struct Moved {
        fileprivate var shards: Set<Int> = []
        /// The folders that have to reach the disk.
        fileprivate(set) var folders: Set<String> = []

        /// Whether the shard of a file is among them.
        func contains(_ digest: Digest) -> Bool { shards.contains(ShardDrafts.shard(digest)) }
    }

    private let store: Store
    private let area: String
    private let movesShards: Bool
    /// Made with the first new shard; everything in it goes with it.
    private var folder: String?
    /// Whether the store had a shard when it was first looked for.
    private var isThere: [Int: Bool] = [:]
    private var filled: Set<Int> = []
    private var names: Set<String> = []

    /// Prepares for so many files `area/ab/…`; for few, no shard is worth a folder.
    init(_ store: Store, area: String, expecting count: Int) {
        self.store = store
        self.area = area
        movesShards = count >= 512
    }

    deinit { reset() }

    private static func shard(_ digest: Digest) -> Int { Int(digest.words[0] >> 56) }

    private static func name(_ shard: Int) -> String {
        String(shard >> 4, radix: 16) + String(shard & 15, radix: 16)
    }

    /// Whether the store has the shard that a file belongs to; looks once for each.
    func hasShard(of digest: Digest) -> Bool {
        let shard = ShardDrafts.shard(digest)
        if let known = isThere[shard] { return known }
        let found = unsafe access("\(area)/\(ShardDrafts.name(shard))", F_OK) == 0
        isThere[shard] = found
        return found
    }

    /// Where to write a file of a new shard; `nil` for one that is to be renamed by itself, and for the
    /// second of a name.
    func path(for digest: Digest, name: String) throws -> String? {
        guard movesShards, !hasShard(of: digest), names.insert(name).inserted else { return nil }
        if folder == nil { try makeFolder(area) }
        let folder = self.folder ?? "\(store.path)/tmp/shards-\(randomName())"
        self.folder = folder
        let shard = ShardDrafts.shard(digest)
        let path = "\(folder)/\(ShardDrafts.name(shard))"
        if filled.insert(shard).inserted { try makeFolder(path) }
        return "\(path)/\(name)"
    }

    /// Gives the new shards their places, once their files are on the disk.
    ///
    /// Where somebody made the shard meanwhile, it stays: what was written for it is to be renamed
    /// file by file.
    func move() throws -> Moved {
        var moved = Moved()
        guard let folder else { return moved }
        for shard in filled.sorted() {
            let name = ShardDrafts.name(shard)
            // An empty folder of that name is replaced, one with files in it is not.
            if try place("\(folder)/\(name)", at: "\(area)/\(name)", replacing: true) {
                moved.shards.insert(shard)
                moved.folders.formUnion([area, "\(area)/\(name)"])
            }
        }
        return moved
    }

    /// Removes what did not move, and gets ready for other files.
    func reset() {
        if let folder { try? removeTree(folder) }
        folder = nil
        (isThere, filled, names) = ([:], [], [])
    }
}
