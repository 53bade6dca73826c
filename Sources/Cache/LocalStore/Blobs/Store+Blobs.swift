package import Canon
import Glibc
import Packing
package import System

/// Bytes read or written at a time; three such buffers are all the memory a blob needs.
let chunkSize = 1 << 20

extension Store {
    /// How the name of a blob's file ends.
    static let blobSuffix = ".zst"

    /// Where a blob stands in a layer.
    static func blobPath(_ layer: String, _ digest: Digest) -> String {
        let hex = digest.hex
        return "\(layer)/cas/\(hex.prefix(2))/\(hex.dropFirst(2))\(blobSuffix)"
    }

    /// Whether a plain file that can be read, and is not empty, has the name of a blob: one look.
    static func hasBlob(_ digest: Digest, in layer: String) -> Bool {
        let path = blobPath(layer, digest)
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size > 0
        else { return false }
        if status.st_mode & 0o444 == 0o444 { return true }
        return unsafe access(path, R_OK) == 0
    }

    /// Whether any layer has the blob; looks, does not read.
    package func contains(_ digest: Digest) -> Bool { layer(of: digest) != nil }

    /// The first layer that has the blob, as far as one look tells: 0 is the store itself.
    package func layer(of digest: Digest) -> Int? {
        layers.firstIndex { Store.hasBlob(digest, in: $0) }
    }

    /// Stores bytes, durably; a blob that is there already stays as it is.
    ///
    /// - Returns: the digest, once the blob is on the disk.
    /// - Throws: ``OperationalError``.
    @discardableResult
    package func put(_ bytes: [UInt8]) throws -> Digest {
        try requireWritable()
        let digest = Digest(of: bytes.span)
        let batch = try BlobBatch(store: self, expecting: 1)
        if batch.isStored(digest) { return digest }
        try batch.add(bytes, as: digest)
        try batch.commit()
        return digest
    }

    /// Stores many blobs, durably; the waits for the disk are shared.
    ///
    /// - Throws: ``OperationalError``.
    package func put(_ blobs: [[UInt8]]) throws {
        try requireWritable()
        let batch = try BlobBatch(store: self, expecting: blobs.count)
        for blob in blobs { _ = try batch.add(blob) }
        try batch.commit()
    }

    /// Stores a file, durably, in one pass and bounded memory.
    ///
    /// - Throws: ``OperationalError``; also when the file changes its size while it is read.
    @discardableResult
    package func put(fileAt source: String) throws -> (digest: Digest, size: Int) {
        try put(PlainFile.required(source, remedy: "an output has to be a plain file"))
    }

    /// Stores an open file, durably, in one pass and bounded memory.
    ///
    /// - Throws: ``OperationalError``; also when the file changes its size while it is read.
    @discardableResult
    package func put(_ file: borrowing PlainFile) throws -> (digest: Digest, size: Int) {
        try requireWritable()
        let batch = try BlobBatch(store: self, expecting: 1)
        let digest = try batch.add(file)
        try batch.commit()
        return (digest, file.size)
    }

    /// The bytes of a blob, verified; `nil` when no layer has a good copy.
    ///
    /// A damaged copy in the store itself is set aside and noted in ``damage``; one in a read-only
    /// layer is noted and passed over. A good copy of a lower layer is copied up. What has more than
    /// `limit` bytes counts as damaged: for what is small, and comes from people whom nobody knows.
    package func bytes(of digest: Digest, limit: Int = .max) throws -> [UInt8]? {
        for (index, layer) in layers.enumerated() {
            var bytes: [UInt8] = []
            let found = try unsafe read(digest, in: layer, isOwn: index == 0) { piece in
                guard piece.count <= limit - bytes.count else {
                    throw ZstdError(reason: "it gives more than \(limit) bytes")
                }
                unsafe bytes.append(contentsOf: piece)
            }
            guard found else { continue }
            if index > 0 && !isReadOnly { try put(bytes) }
            return bytes
        }
        return nil
    }

    /// Whether the store itself has a good copy of a blob; reads and hashes all of it.
    package func hasGoodCopy(of digest: Digest) throws -> Bool {
        try unsafe read(digest, in: path, isOwn: true) { _ in }
    }

    /// Gives a blob to `sink` piece by piece, in bounded memory; the last piece comes only once all of them
    /// hash to its name.
    ///
    /// - Returns: whether the first layer that has it has a good copy; a damaged one gives a part.
    package func read(_ digest: Digest, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws
        -> Bool
    {
        guard let layer = layer(of: digest),
            let reader = try BlobReader(digest, layer: layers[layer])
        else { return false }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = try unsafe reader.read(into: buffer)
            if count == 0 { return true }
            try unsafe sink(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The last bytes of a blob, verified and in bounded memory, with its size; `nil` where no layer has a
    /// good copy.
    package func end(of digest: Digest, count: Int) throws -> (bytes: [UInt8], size: Int)? {
        for (index, layer) in layers.enumerated() {
            var end: [UInt8] = []
            var size = 0
            let found = try unsafe read(digest, in: layer, isOwn: index == 0) { piece in
                size += piece.count
                unsafe end.append(contentsOf: piece.suffix(count))
                if end.count > 2 * count { end.removeFirst(end.count - count) }
            }
            if found { return (Array(end.suffix(count)), size) }
        }
        return nil
    }

    /// Where the first copy of a blob stands; `nil` where no layer has one.
    package func path(of digest: Digest) -> String? {
        layer(of: digest).map { Store.blobPath(layers[$0], digest) }
    }

    /// Copies a blob, verified, to a path where it appears whole or not at all.
    ///
    /// - Returns: whether any layer had a good copy.
    package func restore(_ digest: Digest, to target: String, mode: UInt32 = 0o666) throws -> Bool {
        let draft = target + ".partial-" + randomName()
        for (index, layer) in layers.enumerated() {
            guard unsafe access(Store.blobPath(layer, digest), F_OK) == 0 else { continue }
            do {
                let file = try FileHandle.required(
                    draft, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
                let found = try unsafe read(digest, in: layer, isOwn: index == 0) { piece in
                    try unsafe file.write(piece, path: target)
                }
                guard found else {
                    _ = unsafe unlink(draft)
                    continue
                }
                try place(draft, at: target, replacing: true)
                if index > 0 && !isReadOnly { try put(fileAt: target) }
                return true
            } catch {
                _ = unsafe unlink(draft)
                throw error
            }
        }
        return false
    }
}
