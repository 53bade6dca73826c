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

    /// The files of a folder of shards, with the digest that shard and name give; what has another name is
    /// strange.
    ///
    /// - Returns: also the files whose shard is of another name.
    mutating func shardFiles(
        _ area: String, _ isNamed: (Substring) -> Bool
    ) -> (files: [(digest: Digest, name: String)], misplaced: [String]) {
        var files: [(digest: Digest, name: String)] = []
        var misplaced: [String] = []
        for shard in entries(area) {
            let folder = "\(area)/\(shard.text)"
            guard shard.kind == .folder else {
                found.strange.append(folder)
                continue
            }
            for entry in entries(folder) {
                let name = entry.text
                let file = "\(folder)/\(name)"
                let digits = name.prefix(62)
                guard digits.utf8.count == 62, (try? Digest(hex: "00\(digits)")) != nil,
                    isNamed(name.dropFirst(62))
                else {
                    found.strange.append(file)
                    continue
                }
                if StoreLayout.isShard(shard.text),
                    let digest = try? Digest(hex: shard.text + digits)
                {
                    files.append((digest, name))
                } else {
                    misplaced.append(file)
                }
            }
        }
        return (files, misplaced)
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
