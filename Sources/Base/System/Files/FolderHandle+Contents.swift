package import Glibc

/// Single things in a folder: opened, read and made by descriptor, through no link at their own names.
extension FolderHandle {
    /// What a link in the folder leads to, as it is written; `nil` for what is no link, and for one that is
    /// longer than a path can be.
    package func target(of entry: FolderEntry) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlinkat(file.descriptor, entry.name, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// Makes a file below the folder, at a path of at most 4,095 bytes where nothing stands.
    package func makeFile(_ path: String, mode: mode_t) throws -> FileHandle {
        let whole = "\(self.path)/\(path)"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let entry = FolderEntry(path)
        guard let file = try FileHandle.open(entry, in: self, flags, mode: mode, path: whole) else {
            throw OperationalError.system("write", whole, ENOENT)
        }
        return file
    }

    /// Makes a folder below the folder, at a path of at most 4,095 bytes where nothing stands.
    package func makeFolder(_ path: String) throws {
        guard unsafe mkdirat(file.descriptor, path, 0o777) == 0 else {
            throw OperationalError.system("make the folder", "\(self.path)/\(path)")
        }
    }

    /// Makes a link below the folder, at a path of at most 4,095 bytes where nothing stands.
    package func makeLink(_ path: String, to target: String) throws {
        guard unsafe symlinkat(target, file.descriptor, path) == 0 else {
            throw OperationalError.system("make the link", "\(self.path)/\(path)")
        }
    }
}

extension FileHandle {
    /// Opens something in a folder; `nil` where nothing stands there.
    ///
    /// The corresponding C function is `openat`; messages call it `path`.
    /// - Throws: ``OperationalError``; `untrusted` for a link where `O_NOFOLLOW` forbids one.
    static func open(
        _ entry: FolderEntry, in folder: borrowing FolderHandle, _ flags: CInt,
        mode: mode_t = 0o666, path: String
    ) throws -> FileHandle? {
        while true {
            let descriptor = unsafe openat(
                folder.file.descriptor, entry.name, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return FileHandle(descriptor: descriptor) }
            if errno == EINTR { continue }
            if errno == ENOENT { return nil }
            if errno == ELOOP && flags & O_NOFOLLOW != 0 { throw OperationalError.link(path) }
            throw OperationalError.system(flags & O_ACCMODE == O_RDONLY ? "read" : "write", path)
        }
    }
}
