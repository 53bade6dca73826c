import System

/// What may stand in a folder that is taken for a store. All of it is looked at before anything is written
/// or removed there.
extension StoreLayout {
    /// Refuses a store that has a link in place of one of its folders, shards or fixed files, and one that
    /// has a file in place of a folder.
    ///
    /// The path of the store itself may be a link.
    /// - Throws: ``OperationalError`` `untrusted` and `notAStore`, naming the path.
    static func requireOwnFolders(_ path: String) throws {
        guard let store = try FolderHandle.open(path, followingLinks: true) else { return }
        for entry in try store.entries() where names.contains(entry.text) {
            let name = entry.text
            if entry.kind == .link {
                throw link("\(path)/\(name)", isFolder: folders.contains(name))
            }
            if !folders.contains(name) { continue }
            if entry.kind != .folder {
                throw OperationalError(
                    code: .notAStore, message: "\(path)/\(name): expected a folder, found a file",
                    remedy: "move the file away, then try again")
            }
            if sharded.contains(name) { try requireOwnShards(store, name) }
        }
    }

    private static func requireOwnShards(_ store: borrowing FolderHandle, _ name: String) throws {
        let shards: [FolderEntry]
        do {
            shards = try store.folder(name)?.entries() ?? []
        } catch let error as OperationalError where error.code == .permission {
            return  // what cannot be opened leads nowhere
        }
        if let shard = shards.first(where: { $0.kind == .link }) {
            throw FolderHandle.linkInPlaceOfFolder("\(store.path)/\(name)/\(shard.text)")
        }
    }

    private static func link(_ path: String, isFolder: Bool) -> OperationalError {
        isFolder ? FolderHandle.linkInPlaceOfFolder(path) : .link(path)
    }

    /// What shows that a folder without `format` is no store that somebody began to make; `nil` where nothing
    /// does.
    ///
    /// A folder of a person may have `runs` or `tmp` in it too: only empty ones are ours.
    static func stranger(in path: String) throws -> String? {
        let names = try namesInFolder(path)
        if let other = names.first(where: { !isOurs($0) }) { return other }
        let tag = try readWholeFile("\(path)/CACHEDIR.TAG", limit: 4096, followingLinks: false)
        if let tag, String(decoding: tag, as: UTF8.self).contains("created by bitlaw") {
            return nil
        }
        for folder in names where folders.contains(folder) {
            for inner in try namesInFolder("\(path)/\(folder)") {
                let isDraft = folder == "tmp" && fixedFiles.contains { inner.hasPrefix("\($0)-") }
                if !isDraft { return "\(folder)/\(inner)" }
            }
        }
        return nil
    }
}
