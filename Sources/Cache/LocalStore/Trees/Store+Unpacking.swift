package import Canon
import Glibc
import System

extension Store {
    /// Writes a tree as a new folder, each blob verified as it is read.
    ///
    /// The folder appears whole or not at all; nothing may stand at its path. Its files may only be read,
    /// unless they are to be `writable`. It outlasts no loss of power.
    ///
    /// - Returns: the blobs that no layer has a good copy of; where there are any, nothing was made.
    /// - Throws: ``OperationalError``.
    package func unpack(_ tree: Tree, to target: String, writable: Bool = false) throws -> [Digest]
    {
        let draft = target + ".partial-" + randomName()
        do {
            try makeFolder(draft)
            let missing = try fill(draft, tree, writable: writable)
            guard missing.isEmpty else {
                try removeTree(draft)
                return missing
            }
            guard try place(draft, at: target, replacing: false) else {
                throw OperationalError.system("make the folder", target, EEXIST)
            }
            return []
        } catch {
            try? removeTree(draft)
            throw error
        }
    }

    /// Makes what a tree has in an empty folder: folders, then files, then links, so that no path leads
    /// through a link.
    private func fill(_ path: String, _ tree: Tree, writable: Bool) throws -> [Digest] {
        guard let folder = try FolderHandle.open(path) else {
            throw OperationalError.system("open", path, ENOENT)
        }
        var files: [UnpackedFile] = []
        for entry in tree.entries {
            switch entry.content {
            case .folder: try folder.makeFolder(entry.path)
            case .link: continue
            case .file(let digest, _, let isExecutable):
                let mode: mode_t = writable ? 0o666 : 0o444
                files.append(
                    UnpackedFile(
                        path: entry.path, digest: digest,
                        mode: isExecutable ? mode | 0o111 : mode))
            }
        }
        let missing = try files.concurrentMap { part in
            guard let folder = try FolderHandle.open(path) else {
                throw OperationalError.system("open", path, ENOENT)
            }
            let scratch = FrameScratch()
            return try part.map { try $0.write(in: folder, from: self, scratch) ? nil : $0.digest }
        }
        for case (let path, .link(let target)) in tree.entries.map({ ($0.path, $0.content) }) {
            try folder.makeLink(path, to: target)
        }
        return Set(missing.compactMap(\.self)).sorted()
    }
}

/// One file of a tree that is being unpacked.
private struct UnpackedFile: Sendable {
    let path: String
    let digest: Digest
    let mode: mode_t

    /// Writes the file; whether any layer has a good copy of its bytes.
    func write(in folder: borrowing FolderHandle, from store: Store, _ scratch: FrameScratch)
        throws -> Bool
    {
        for (index, layer) in store.layers.enumerated() {
            // A damaged copy is read once more, by what sets it aside.
            if let bytes = try? scratch.smallBytes(of: digest, layer: layer) {
                let file = try folder.makeFile(path, mode: mode)
                try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
                try file.close(path: path)
                return true
            }
            guard Store.hasBlob(digest, in: layer) else { continue }
            let file = try folder.makeFile(path, mode: mode)
            let isGood = try unsafe store.read(digest, in: layer, isOwn: index == 0) { piece in
                try unsafe file.write(piece, path: path)
            }
            if isGood { return true }
            try folder.remove(FolderEntry(path))
        }
        return false
    }
}
