package import Glibc

/// An open file; closes itself once.
///
/// Every call on a descriptor goes through this type, with EINTR retried and `errno` read at once.
@safe package struct FileHandle: ~Copyable {
    /// The descriptor, owned.
    package let descriptor: CInt

    /// Opens a path; `nil` where nothing stands there.
    ///
    /// The corresponding C function is `open`. The descriptor is not inherited by children.
    /// - Throws: ``OperationalError``; `untrusted` for a link where `O_NOFOLLOW` forbids one.
    package static func open(_ path: String, _ flags: CInt, mode: mode_t = 0o666) throws
        -> FileHandle?
    {
        while true {
            let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 {
                let file = FileHandle(descriptor: descriptor)
                if flags & O_EXCL != 0 && mode & S_IRGRP != 0 && umaskHidesFromGroup {
                    file.shareWithGroup(path: path, bits: S_IRGRP)
                }
                return file
            }
            if errno == EINTR { continue }
            if errno == ENOENT { return nil }
            if errno == ELOOP && flags & O_NOFOLLOW != 0 { throw OperationalError.link(path) }
            throw OperationalError.system(flags & O_ACCMODE == O_RDONLY ? "read" : "write", path)
        }
    }

    /// Opens a path that has to be there.
    package static func required(_ path: String, _ flags: CInt, mode: mode_t = 0o666) throws
        -> FileHandle
    {
        guard let handle = try open(path, flags, mode: mode) else {
            throw OperationalError.system("open", path, ENOENT)
        }
        return handle
    }

    /// Makes a file to write into; `nil` where something stands there, of which one of many is sure.
    package static func make(_ path: String, mode: mode_t = 0o666) throws -> FileHandle? {
        while true {
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let descriptor = unsafe Glibc.open(path, flags, mode)
            if descriptor >= 0 {
                let file = FileHandle(descriptor: descriptor)
                if umaskHidesFromGroup { file.shareWithGroup(path: path, bits: S_IRGRP) }
                return file
            }
            if errno == EEXIST { return nil }
            if errno != EINTR { throw OperationalError.system("make", path) }
        }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Reads up to `count` bytes into a buffer; 0 at the end.
    package func read(into buffer: UnsafeMutableRawPointer, _ count: Int, path: String) throws
        -> Int
    {
        while true {
            let result = unsafe Glibc.read(descriptor, buffer, count)
            if result >= 0 { return result }
            if errno != EINTR { throw OperationalError.system("read", path) }
        }
    }

    /// Reads up to `count` bytes from a place on; where reading goes on stays as it was.
    ///
    /// The corresponding C function is `pread`.
    func read(into buffer: UnsafeMutableRawPointer, _ count: Int, at offset: Int, path: String)
        throws -> Int
    {
        while true {
            let result = unsafe pread(descriptor, buffer, count, offset)
            if result >= 0 { return result }
            if errno != EINTR { throw OperationalError.system("read", path) }
        }
    }

    /// Writes every byte of a buffer.
    package func write(_ buffer: UnsafeRawBufferPointer, path: String) throws {
        var offset = 0
        while offset < buffer.count {
            let result = unsafe Glibc.write(
                descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            if result < 0 {
                if errno == EINTR { continue }
                throw OperationalError.system("write", path)
            }
            offset += result
        }
    }

    /// Writes every byte of a buffer at a place of the file.
    package func write(_ buffer: UnsafeRawBufferPointer, at start: Int, path: String) throws {
        var offset = 0
        while offset < buffer.count {
            let result = unsafe pwrite(
                descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset,
                start + offset)
            if result < 0 {
                if errno == EINTR { continue }
                throw OperationalError.system("write", path)
            }
            offset += result
        }
    }

    /// Lets the disk begin with a range of bytes, so that the wait of `synchronize` is short.
    ///
    /// The corresponding C function is `posix_fadvise` with "not needed again", on which Linux
    /// begins to write. It promises nothing, so nothing is lost where a file system ignores it.
    package func startWriting(from offset: Int, count: Int) {
        _ = posix_fadvise(descriptor, offset, count, POSIX_FADV_DONTNEED)
    }

    /// Closes the file, and tells what its file system could not do with what was written.
    ///
    /// The corresponding C function is `close`: on NFS it is where a full disk is told.
    package consuming func close(path: String) throws {
        let descriptor = self.descriptor
        discard self
        if Glibc.close(descriptor) != 0 && errno != EINTR {
            throw OperationalError.system("write", path)
        }
    }

    /// Opens a file that this process made to the group of a shared folder, whatever the umask.
    package func shareWithGroup(path: String, bits: mode_t = 0o60) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & bits != bits,
            status.st_uid == geteuid(), status.st_nlink == 1,
            let slash = path.lastIndex(of: "/"), isShared(String(path[..<slash]))
        else { return }
        _ = fchmod(descriptor, status.st_mode & 0o777 | bits)
    }

    /// Goes to a place in the file, counted in bytes from its beginning.
    ///
    /// The corresponding C function is `lseek`.
    package func seek(to offset: Int, path: String) throws -> Int {
        guard lseek(descriptor, offset, SEEK_SET) == offset else {
            throw OperationalError.system("read", path)
        }
        return offset
    }

    /// Waits until the bytes are on the disk.
    ///
    /// The corresponding C function is `fsync`.
    package func synchronize(path: String) throws {
        while fsync(descriptor) != 0 {
            if errno == EINTR { continue }
            if errno == EINVAL { return }  // a file system that has nothing to synchronise
            throw OperationalError.system("write to disk", path)
        }
    }

    /// The file's size, identity and times.
    package func status(path: String) throws -> stat {
        var result = stat()
        guard unsafe fstat(descriptor, &result) == 0 else {
            throw OperationalError.system("look at", path)
        }
        return result
    }
}

/// Whether this process makes files that no group may read, unless it says otherwise: umask 077.
///
/// umask(2) tells by changing it, which other threads would notice; the kernel also tells it here.
private let umaskHidesFromGroup: Bool = {
    guard let bytes = try? readWholeFile("/proc/self/status"),
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first(where: { $0.hasPrefix("Umask:") }),
        let mask = mode_t(line.dropFirst(6).filter { !$0.isWhitespace }, radix: 8)
    else { return false }
    return mask & S_IRGRP != 0
}()
