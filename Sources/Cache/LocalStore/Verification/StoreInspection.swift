import Canon
import Glibc
import System

/// One check of a store, folder by folder.
struct StoreInspection {
    let store: Store
    /// The outputs that a kind of a version has; `nil` for one that nobody knows.
    let declared: (String, Int) -> [String]?
    /// What was found so far; damage comes from the store in the end.
    var found = VerifyReport()
    /// Reads small blobs.
    let scratch = FrameScratch()
    /// The sizes of the blobs that were read.
    var sizes: [Digest: Int] = [:]
    /// The keys of the results that are there.
    var keys: Set<Digest> = []
    /// The files of blobs and of results, listed before any is read.
    var (blobFiles, resultFiles) = (ShardFiles(), ShardFiles())
    /// What the descriptions of keys say of the kind, as far as they were read with the blobs.
    var described: [Digest: DescribedKind] = [:]

    /// The files of a folder of shards.
    struct ShardFiles {
        /// Each with the digest that shard and name give.
        var named: [(digest: Digest, name: String)] = []
        /// The files whose shard is of another name.
        var misplaced: [String] = []
    }

    /// A kind of a version.
    struct DescribedKind: Sendable {
        let kind: String
        let version: Int
    }

    init(store: Store, declared: @escaping (String, Int) -> [String]?) {
        self.store = store
        self.declared = declared
    }

    /// Everything that was found, with all damage of the store itself since it was opened.
    func report() -> VerifyReport {
        var report = found
        report.damage = store.damage.filter { !$0.place(in: store).isEmpty }
        return report
    }

    /// Does a part of the check; what the system refuses is noted, and the rest goes on.
    func attempt(_ path: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch let error as OperationalError {
            leave(path, error.reason(at: path))
        } catch {
            leave(path, "\(error)")
        }
    }

    /// Notes damage that stays where it is.
    func leave(_ path: String, _ reason: String) {
        store.note(Damage(path: path, reason: reason, outcome: .stays))
    }

    /// What stands in a folder of the store; nothing where it cannot be opened, which is noted.
    func entries(_ folder: String) -> [FolderEntry] {
        var entries: [FolderEntry] = []
        attempt("\(store.path)/\(folder)") { entries = try store.folder(folder)?.entries() ?? [] }
        return entries
    }

    /// Lists blobs and results.
    mutating func listShards() {
        blobFiles = shardFiles("cas") { $0 == Store.blobSuffix }
        resultFiles = shardFiles("actions") { $0 == ".json" || Self.isConflict($0) }
    }

    /// Lists the files of a folder of shards; what has another name is strange.
    mutating func shardFiles(_ area: String, _ isNamed: (Substring) -> Bool) -> ShardFiles {
        var files = ShardFiles()
        for shard in entries(area) {
            let folder = "\(area)/\(shard.text)"
            guard shard.kind == .folder else {
                found.strange.append(folder)
                continue
            }
            let isShard = StoreLayout.isShard(shard.text)
            var digits = isShard ? shard.bytes : [48, 48]
            for entry in entries(folder) {
                let name = entry.text
                digits.replaceSubrange(2..., with: name.utf8.prefix(62))
                guard case .success(let words) = Digest.words(hexDigits: digits.span),
                    isNamed(Substring(name.utf8.dropFirst(62)))
                else {
                    found.strange.append("\(folder)/\(name)")
                    continue
                }
                if isShard {
                    files.named.append((Digest(words: words), name))
                } else {
                    files.misplaced.append("\(folder)/\(name)")
                }
            }
        }
        return files
    }

    /// Reads what is at the top of the store.
    mutating func readTop() {
        attempt("\(store.path)/CACHEDIR.TAG") { try store.mendTag() }
        for entry in entries(".") where !StoreLayout.isOurs(entry.text) {
            found.strange.append(entry.text)
        }
        found.quarantined = entries("quarantine").count
    }
}
