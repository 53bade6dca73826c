import CSystem
package import Glibc

/// An open folder: what is done through it happens in it, whatever becomes of the path that it had.
package struct FolderHandle: ~Copyable {
    /// What messages call it.
    package let path: String
    let file: FileHandle

    private init(path: String, descriptor: CInt) {
        self.path = path
        file = FileHandle(descriptor: descriptor)
    }

    /// Opens a folder; `nil` where nothing stands there.
    ///
    /// - Throws: ``OperationalError``; `untrusted` for a link where none is followed.
    package static func open(_ path: String, followingLinks: Bool = false) throws -> FolderHandle? {
        try open(
            FolderEntry(path), in: AT_FDCWD, path: path, followingLinks: followingLinks)
    }

    /// Opens a folder in this one, through no link; `nil` where nothing stands there.
    package func folder(_ name: String) throws -> FolderHandle? {
        try FolderHandle.open(
            FolderEntry(name), in: file.descriptor, path: "\(path)/\(name)", followingLinks: false)
    }

    /// Opens a folder in this one under the name that messages have for this one: of trees that are so
    /// deep that no message could name the whole way.
    func innerFolder(_ entry: FolderEntry) throws -> FolderHandle? {
        try FolderHandle.open(entry, in: file.descriptor, path: path, followingLinks: false)
    }

    /// Opens this very folder again.
    func reopened() throws -> FolderHandle? { try innerFolder(FolderEntry(".")) }

    /// Opens the folder that this one is in now.
    func outerFolder() throws -> FolderHandle? {
        try FolderHandle.open(
            FolderEntry(".."), in: file.descriptor, path: path, followingLinks: false)
    }

    private static func open(
        _ entry: FolderEntry, in folder: CInt, path: String, followingLinks: Bool
    ) throws -> FolderHandle? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW)
        while true {
            let descriptor = unsafe openat(folder, entry.name, flags)
            if descriptor >= 0 { return FolderHandle(path: path, descriptor: descriptor) }
            let number = errno
            if number == EINTR { continue }
            if number == ENOENT { return nil }
            var status = stat()
            if [ENOTDIR, ELOOP].contains(number),
                unsafe fstatat(folder, entry.name, &status, AT_SYMLINK_NOFOLLOW) == 0
            {
                if status.kind == .link && !followingLinks { throw linkInPlaceOfFolder(path) }
                throw OperationalError(
                    code: .notAStore, message: "\(path): expected a folder, found a file",
                    remedy: "move the file away, or choose another store with --store")
            }
            throw OperationalError.system("open", path, number)
        }
    }

    /// A link where a folder of a store should be: it could lead anywhere, and nothing is done behind
    /// it.
    package static func linkInPlaceOfFolder(_ path: String) -> OperationalError {
        OperationalError(
            code: .untrusted, message: "\(path): expected a folder of the store, found a link",
            remedy:
                "remove the link (rm '\(path)'; what it leads to stays), then try again. Only the "
                + "store's own path may be a link")
    }

    /// What is in it, in the order of the names' bytes.
    package func entries() throws -> [FolderEntry] {
        let copy = unsafe openat(file.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = unsafe fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            throw OperationalError.system("list", path, number)
        }
        defer { unsafe closedir(list) }
        var found: [FolderEntry] = []
        while let entry = unsafe readdir(list) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            if name == [46, 0] || name == [46, 46, 0] { continue }
            found.append(
                FolderEntry(name: name, kind: kind(name, type: unsafe entry.pointee.d_type)))
        }
        return found.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private func kind(_ name: [CChar], type: UInt8) -> FolderEntry.Kind {
        switch Int(type) {
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN):
            var status = stat()
            let number = unsafe fstatat(file.descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
            return number == 0 ? status.kind : .other
        default: return .other
        }
    }

    /// What tells the folder from every other of its file system, also from a copy of it and from one
    /// that was made in its place.
    package func identity() throws -> String {
        "\(try status().st_ino) \(bitlaw_birth(file.descriptor))"
    }

    /// The size, identity and times of the folder itself.
    package func status() throws -> stat { try file.status(path: path) }

    /// The same of something in it, a link itself included; `nil` where nothing stands there.
    package func status(of entry: FolderEntry) throws -> stat? {
        var status = stat()
        if unsafe fstatat(file.descriptor, entry.name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            return status
        }
        if errno == ENOENT { return nil }
        throw OperationalError.system("look at", "\(path)/\(entry.text)")
    }

    /// Opens the folder to its owner, where a program closed it: what is in it is to be removed.
    func openToOwner() throws {
        let mode = try status().st_mode
        // Where that is not allowed, removing says so.
        if mode & S_IRWXU != S_IRWXU { _ = fchmod(file.descriptor, mode & 0o7777 | S_IRWXU) }
    }

    /// The same for a folder in it that is so closed that nobody can open it.
    func openToOwner(_ entry: FolderEntry, _ status: stat) {
        guard status.st_mode & S_IRWXU != S_IRWXU else { return }
        _ = unsafe fchmodat(
            file.descriptor, entry.name, status.st_mode & 0o7777 | S_IRWXU, AT_SYMLINK_NOFOLLOW)
    }

    /// Another file system, or another folder, that somebody mounted here.
    ///
    /// What is in it is not ours to remove.
    func mount(_ entry: FolderEntry) -> OperationalError {
        OperationalError(
            code: .untrusted,
            message: "\(path)/\(entry.text): cannot remove: another file system is mounted there",
            remedy: "unmount it, then try again")
    }

    /// Removes a name that is of no folder, or of an empty one; what is gone already is fine.
    ///
    /// - Returns: whether it is gone; `false` for a folder that is not empty.
    func removeName(_ entry: FolderEntry, isFolder: Bool) throws -> Bool {
        if unsafe unlinkat(file.descriptor, entry.name, isFolder ? AT_REMOVEDIR : 0) == 0 {
            return true
        }
        if errno == ENOENT { return true }
        if isFolder && (errno == ENOTEMPTY || errno == EEXIST) { return false }
        if isFolder && errno == EBUSY { throw mount(entry) }
        throw OperationalError.system("remove", "\(path)/\(entry.text)")
    }
}
