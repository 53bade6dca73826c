import Glibc
import System

/// What may stand in a folder that is taken for a store. All of it is looked at before anything is written
/// or removed there.
extension StoreLayout {
    /// Refuses a store that has a link in place of one of its folders, shards or fixed files, and one that
    /// has a file in place of a folder.
    ///
    /// The path of the store itself may be a link.
    /// - Returns: what stands in the place of a shard or of the index, by its path in the store.
    /// - Throws: ``OperationalError`` `untrusted` and `notAStore`, naming the path.
    @discardableResult
    static func requireOwnFolders(_ path: String) throws -> [String] {
        guard let store = try FolderHandle.open(path, followingLinks: true) else { return [] }
        var intruders: [String] = []
        for entry in try store.entries() where names.contains(entry.text) {
            let name = entry.text
            if entry.kind == .link {
                throw link("\(path)/\(name)", isFolder: folders.contains(name))
            }
            if name == index, let status = try store.status(of: entry),
                status.st_mode & S_IFMT != S_IFREG
            {
                intruders.append(name)
            }
            if !folders.contains(name) { continue }
            if entry.kind != .folder {
                throw OperationalError(
                    code: .notAStore, message: "\(path)/\(name): expected a folder, found a file",
                    remedy: "move the file away, then try again")
            }
            if sharded.contains(name) { intruders += try requireOwnShards(store, name) }
        }
        return intruders
    }

    private static func requireOwnShards(
        _ store: borrowing FolderHandle, _ name: String
    ) throws -> [String] {
        let shards: [FolderEntry]
        do {
            shards = try store.folder(name)?.entries() ?? []
        } catch let error as OperationalError where error.code == .permission {
            return []  // what cannot be opened leads nowhere
        }
        if let shard = shards.first(where: { $0.kind == .link }) {
            throw FolderHandle.linkInPlaceOfFolder("\(store.path)/\(name)/\(shard.text)")
        }
        return shards.filter { $0.kind != .folder && isShard($0.text) }
            .map { "\(name)/\($0.text)" }
    }

    /// Whether a name is that of a shard: two hexadecimal digits.
    static func isShard(_ name: String) -> Bool {
        name.utf8.count == 2 && name.utf8.allSatisfy("0123456789abcdef".utf8.contains)
    }

    private static func link(_ path: String, isFolder: Bool) -> OperationalError {
        isFolder ? FolderHandle.linkInPlaceOfFolder(path) : .link(path)
    }

    /// Whether a folder has the tag of a store, which is written before its format: one without a format has
    /// lost it, or was never finished.
    static func isMarked(_ path: String) throws -> Bool {
        let tag = try readWholeFile("\(path)/CACHEDIR.TAG", limit: 4096, followingLinks: false)
        return tag.map { String(decoding: $0, as: UTF8.self).contains("created by bitlaw") }
            ?? false
    }

    /// What shows that a folder without `format` is no store that somebody began to make; `nil` where nothing
    /// does.
    ///
    /// A folder of a person may have `runs` or `tmp` in it too: only empty ones are ours.
    static func stranger(in path: String) throws -> String? {
        let names = try namesInFolder(path)
        if let other = names.first(where: { !isOurs($0) }) { return other }
        if try isMarked(path) { return nil }
        for folder in names where folders.contains(folder) {
            for inner in try namesInFolder("\(path)/\(folder)") {
                let isDraft = folder == "tmp" && fixedFiles.contains { inner.hasPrefix("\($0)-") }
                if !isDraft { return "\(folder)/\(inner)" }
            }
        }
        return nil
    }
}
