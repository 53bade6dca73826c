import Glibc

/// The most bytes of any file that is read at once: data that somebody asked for by name.
package let largestWholeFile = 64 << 30

/// The most bytes of a file that is read at once where nobody says otherwise: no document comes near.
package let largestDocument = 64 << 20

/// The whole of a file of at most `limit` bytes, or `nil` where nothing stands at the path.
///
/// The only reader of whole files. It takes four system calls, and waits for nothing.
///
/// - Throws: ``OperationalError`` `malformed` for a larger file and for what is no file, `untrusted` for a
///   link where none is followed.
package func readWholeFile(
    _ path: String, limit: Int = largestDocument, followingLinks: Bool = true
) throws -> [UInt8]? {
    guard let file = try PlainFile.open(path, followingLinks: followingLinks) else { return nil }
    func tooLarge(_ found: String) -> OperationalError {
        OperationalError(
            code: .malformed,
            message: "\(path): expected a file of at most \(limit) bytes, found \(found)",
            remedy: "put a smaller file there, or take it away")
    }
    guard file.size <= limit else { throw tooLarge("\(file.size)") }
    if file.size > 0 { return try file.read(file.size) }
    // What the kernel makes up says that it is empty, and is not.
    var bytes: [UInt8] = []
    while true {
        let piece = try file.read(1 << 16)
        bytes += piece
        guard bytes.count <= limit else { throw tooLarge("more") }
        if piece.count < 1 << 16 { return bytes }
    }
}

/// The whole of a file that has to be there.
///
/// - Throws: ``OperationalError`` as ``readWholeFile(_:limit:followingLinks:)`` does, and `missing`.
package func readRequiredFile(_ path: String, limit: Int = largestDocument) throws -> [UInt8] {
    guard let bytes = try readWholeFile(path, limit: limit) else {
        throw OperationalError(
            code: .missing, message: "\(path): no such file", remedy: "check the path")
    }
    return bytes
}

/// The size of a plain file; `nil` where there is none.
package func sizeOfFile(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}

/// Whether a plain file stands at a path that its owner may execute.
package func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0
        && status.st_mode & (S_IFMT | S_IXUSR) == S_IFREG | S_IXUSR
}

/// What a file outlasts that was written.
package enum Durability: Sendable {
    /// Nothing: after a kill a part of it may be there. For attempts, and for drafts that are waited for
    /// together.
    case none
    /// A loss of power: the file appears under its name complete and on the disk, or not at all.
    ///
    /// In this order: a draft, fsync, rename, fsync of the folder.
    case durable
}

/// Writes a whole file, in place of what stands there.
///
/// The only writer of whole files. Where it `isNew`, nothing may stand there, and nothing is replaced. A
/// draft is written in `drafts`, on the same file system; in the file's own folder where that is `nil`. The
/// umask takes nothing away from a `mode` for the owner alone.
///
/// - Throws: ``OperationalError`` naming the path.
package func writeWholeFile(
    _ bytes: [UInt8], to path: String, _ durability: Durability, drafts: String? = nil,
    isNew: Bool = false, mode: UInt32 = 0o666
) throws {
    guard durability == .durable else {
        let file = try FileHandle.required(
            path, O_WRONLY | O_CREAT | (isNew ? O_EXCL : O_TRUNC), mode: mode)
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
        return try file.close(path: path)
    }
    let folder = ProjectFolder.folder(of: path)
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    let draft = "\(drafts ?? folder)/\(name)-\(randomName())"
    do {
        let file = try FileHandle.required(draft, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        if mode & 0o77 == 0, fchmod(file.descriptor, mode) != 0 {
            throw OperationalError.system("close to others", draft)
        }
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: draft) }
        try file.synchronize(path: draft)
        guard try place(draft, at: path, replacing: !isNew) else {
            throw OperationalError.system("write", path, EEXIST)
        }
        try synchronizeFolder(folder)
    } catch {
        _ = unsafe unlink(draft)
        throw error
    }
}
