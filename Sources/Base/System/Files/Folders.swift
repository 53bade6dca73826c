import Glibc

/// Waits until a folder's entries are on the disk.
package func synchronizeFolder(_ path: String) throws {
    let handle = try FileHandle.required(path, O_RDONLY | O_DIRECTORY)
    try handle.synchronize(path: path)
}

/// Makes a folder and its parents; what is there stays as it is.
///
/// In a folder that a group shares (writable for the group, with the set-group-ID bit) a new one is
/// shared too, whatever the umask of the person who happens to make it.
package func makeFolder(_ path: String) throws {
    var number = try makeOneFolder(path)
    if number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try makeFolder(String(path[..<slash]))
        number = try makeOneFolder(path)
    }
    if number == 0 { return }
    guard number == EEXIST else { throw OperationalError.system("make the folder", path, number) }
    if ProjectFolder.isFolder(path) { return }
    throw OperationalError(
        code: .notAStore, message: "\(path): expected a folder, found a file",
        remedy: "move the file away, or choose another store with --store")
}

/// Makes a folder that only its owner may enter, whatever the umask; one that is there becomes so.
package func makePrivateFolder(_ path: String) throws {
    try makeFolder(ProjectFolder.folder(of: path))
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw OperationalError.system("make the folder", path)
    }
    let handle = try FileHandle.required(path, O_RDONLY | O_DIRECTORY)
    let status = try handle.status(path: path)
    guard status.st_uid == geteuid(), status.st_mode & 0o77 != 0 else { return }
    guard fchmod(handle.descriptor, 0o700) == 0 else {
        throw OperationalError.system("close to others", path)
    }
}

/// Makes a folder in one that is there.
///
/// - Returns: 0, or the number of the error.
private func makeOneFolder(_ path: String) throws -> CInt {
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    if parent.isEmpty { return unsafe mkdir(path, 0o777) == 0 ? 0 : errno }
    var above = stat()
    // Looked at first: one that somebody makes a moment later may be shared.
    guard unsafe stat(parent, &above) == 0 else { return errno }
    guard above.isShared else { return unsafe mkdir(path, 0o777) == 0 ? 0 : errno }
    // Under another name until it is open to the group: somebody else may want it at this moment.
    if unsafe access(path, F_OK) == 0 { return EEXIST }
    let draft = "\(path).new-\(randomName())"
    guard unsafe mkdir(draft, 0o777) == 0 else { return errno }
    defer { _ = unsafe rmdir(draft) }
    // By a descriptor: whoever may write here could put a link to another folder in its place.
    if let made = try? FileHandle.open(draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
        let mode = try? made.status(path: draft).st_mode, mode & 0o70 != 0o70
    {
        _ = fchmod(made.descriptor, mode & 0o7777 | 0o70)
    }
    return try place(draft, at: path, replacing: false, doing: "make the folder") ? 0 : EEXIST
}

/// Whether a folder is shared by a group: writable for it, and what is made there is the group's.
package func isShared(_ folder: String) -> Bool {
    var status = stat()
    return unsafe stat(folder, &status) == 0 && status.isShared
}

extension stat {
    /// Whether it is of a folder that a group shares.
    fileprivate var isShared: Bool { st_mode & (S_ISGID | S_IWGRP) == S_ISGID | S_IWGRP }
}

/// The names in a folder, sorted; empty where there is no folder.
package func namesInFolder(_ path: String) throws -> [String] {
    guard let folder = unsafe opendir(path) else {
        if errno == ENOENT || errno == ENOTDIR { return [] }
        throw OperationalError.system("list", path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(cString: $0)
            }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Makes a folder with a name of its own in another, such as `/tmp`; only its owner may enter it.
///
/// - Returns: its path; `nil` where it cannot be made.
package func makeTemporaryFolder(in parent: String) -> String? {
    // mkdtemp(3) puts a new name in place of the six letters at the end.
    var template = Array("\(parent)/bitlaw-XXXXXX".utf8CString)
    return unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
        guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return nil }
        return unsafe String(cString: made)
    }
}

/// Removes a file or a whole folder without following links; what is gone already is fine.
package func removeTree(_ path: String) throws {
    let folder = ProjectFolder.folder(of: path)
    guard let parent = try FolderHandle.open(folder, followingLinks: true) else { return }
    try parent.remove(FolderEntry(ProjectFolder.name(of: path)))
}

/// Makes a folder again that is gone, is no folder any more, or is closed to its owner; what is in it stays.
package func restoreFolder(_ path: String) throws {
    var status = stat()
    if unsafe lstat(path, &status) == 0, status.kind != .folder { try removeTree(path) }
    try makeFolder(path)
    if unsafe lstat(path, &status) == 0 { openToOwner(path, status) }
}

/// Opens a folder to its owner that is so closed that even they cannot open it.
private func openToOwner(_ path: String, _ status: stat) {
    guard status.st_mode & S_IRWXU != S_IRWXU else { return }
    _ = unsafe fchmodat(
        AT_FDCWD, path, status.st_mode & 0o7777 | S_IRWXU, AT_SYMLINK_NOFOLLOW)
}

/// Makes a folder, or removes everything in the one that is there; anything else there makes room.
package func makeEmptyFolder(_ path: String) throws {
    let number = try makeOneFolder(path)
    if number == 0 { return }
    guard number == EEXIST else { throw OperationalError.system("make", path, number) }
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return try makeFolder(path) }
    // A link is not followed: what it leads to is not ours to empty.
    if status.kind != .folder {
        try removeTree(path)
        return try makeFolder(path)
    }
    openToOwner(path, status)
    try FolderHandle.open(path)?.removeContents()
}

/// Makes a folder in another, or removes everything in the one that is there.
///
/// - Throws: ``OperationalError``, also where the other is a link: what it leads to is not ours to empty.
package func makeEmptyFolder(_ name: String, in folder: String) throws {
    guard let parent = try FolderHandle.open(folder) else {
        throw OperationalError.system("open", folder, ENOENT)
    }
    let entry = FolderEntry(name)
    if try parent.emptyFolder(entry) { return }
    try parent.remove(entry)
    try makeFolder("\(folder)/\(name)")
}
