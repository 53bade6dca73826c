import Glibc

/// Writes a whole file so that it appears under its name complete and on the disk, or not at all.
///
/// In this order: a file in `temporary`, fsync, rename, fsync of the folder.
package func writeDurably(_ bytes: [UInt8], folder: String, name: String, temporary: String) throws
{
    let draft = "\(temporary)/\(name)-\(randomName())"
    let target = "\(folder)/\(name)"
    do {
        let handle = try FileHandle.required(draft, O_WRONLY | O_CREAT | O_EXCL)
        try unsafe bytes.withUnsafeBytes { try unsafe handle.write($0, path: draft) }
        try handle.synchronize(path: draft)
        guard unsafe rename(draft, target) == 0 else {
            throw OperationalError.system("write", target)
        }
        try synchronizeFolder(folder)
    } catch {
        _ = unsafe unlink(draft)
        throw error
    }
}

/// Writes a whole file, durably, in place of what stands there: complete or not at all.
///
/// - Throws: ``OperationalError`` naming the path.
package func writeFileDurably(_ bytes: [UInt8], to path: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    try writeDurably(bytes, folder: folder.isEmpty ? "/" : folder, name: name, temporary: folder)
}
