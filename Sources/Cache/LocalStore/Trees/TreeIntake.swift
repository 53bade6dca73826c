import Canon
import Glibc
import System

/// Takes a folder into a store: each file as a blob of its own, in groups that wait for the disk once.
final class TreeIntake {
    private let store: Store
    private var reader = TreeReader()
    /// Made with the first group: then it is known whether many are to come.
    private var batch: BlobBatch?
    private var small: [(path: String, isExecutable: Bool, bytes: [UInt8])] = []
    private var smallBytes = 0

    init(_ store: Store) { self.store = store }

    /// Takes all that is in a folder.
    ///
    /// - Returns: the tree; its files are in the store, durably, and its manifest too.
    /// - Throws: ``TreeMistake``, ``OperationalError``.
    func take(_ folder: borrowing FolderHandle) throws -> (tree: Tree, digest: Digest, size: Int) {
        try TreeReader.walk(folder) { parent, step in
            if let file = try reader.take(step, in: parent) { try take(file, step, in: parent) }
            return true
        }
        try addSmall(isLast: true)
        let tree = try reader.tree()
        let manifest = tree.manifest
        guard manifest.count <= Tree.largestManifest else {
            throw TreeMistake("", "names of \(manifest.count) bytes in all")
        }
        let digest = Digest(of: manifest.span)
        let batch = try blobBatch(expecting: 1)
        if !batch.isStored(digest) { try batch.add(manifest, as: digest) }
        try batch.commit()
        return (tree, digest, manifest.count)
    }

    private func take(
        _ found: (path: String, isExecutable: Bool), _ step: WalkedEntry,
        in folder: borrowing FolderHandle
    ) throws {
        guard let file = try open(step, in: folder, path: found.path) else {
            throw TreeMistake(found.path, "a file that went away meanwhile")
        }
        if file.size > FrameScratch.capacity {
            let batch = try blobBatch(expecting: small.count + 1)
            let digest = try batch.add(file)
            let content = TreeEntry.Content.file(
                digest, size: file.size, isExecutable: found.isExecutable)
            return try reader.add(TreeEntry(found.path, content))
        }
        let bytes = try file.read(file.size)
        small.append((found.path, found.isExecutable, bytes))
        smallBytes += bytes.count
        if small.count == 1024 || smallBytes >= 32 << 20 { try addSmall(isLast: false) }
    }

    private func open(
        _ step: WalkedEntry, in folder: borrowing FolderHandle, path: String
    ) throws -> PlainFile? {
        do {
            return try PlainFile.open(step.entry, in: folder, path: path)
        } catch let error as OperationalError where error.code == .permission {
            throw TreeMistake(path, "a file that may not be read")
        }
    }

    /// Adds the small files that were read.
    private func addSmall(isLast: Bool) throws {
        let batch = try blobBatch(expecting: isLast ? small.count + 1 : 1 << 14)
        for (file, digest) in zip(small, try batch.add(small.map { $0.bytes })) {
            let content = TreeEntry.Content.file(
                digest, size: file.bytes.count, isExecutable: file.isExecutable)
            try reader.add(TreeEntry(file.path, content))
        }
        (small, smallBytes) = ([], 0)
        if batch.isFull { try batch.commit() }
    }

    private func blobBatch(expecting count: Int) throws -> BlobBatch {
        if let batch { return batch }
        let made = try BlobBatch(store: store, expecting: count)
        batch = made
        return made
    }
}
