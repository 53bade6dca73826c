import Glibc
import Synchronization

/// An open file; closes itself once.
///
/// Every system call of the store goes through this file, with EINTR retried and `errno` read at
/// once.
@safe package struct FileHandle: ~Copyable {
    /// The descriptor, owned.
    let descriptor: CInt

    /// Opens a path; `nil` where nothing stands there.
    ///
    /// The corresponding C function is `open`. The descriptor is not inherited by children.
    /// - Throws: ``StoreError``; `untrusted` for a link where `O_NOFOLLOW` forbids one.
    static func open(_ path: String, _ flags: CInt, mode: mode_t = 0o666) throws -> FileHandle? {
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
            if errno == ELOOP && flags & O_NOFOLLOW != 0 { throw StoreError.link(path) }
            throw StoreError.system(flags & O_ACCMODE == O_RDONLY ? "read" : "write", path)
        }
    }

    /// Opens a path that has to be there.
    static func required(_ path: String, _ flags: CInt, mode: mode_t = 0o666) throws -> FileHandle {
        guard let handle = try open(path, flags, mode: mode) else {
            throw StoreError.system("open", path, ENOENT)
        }
        return handle
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Reads up to `count` bytes into a buffer; 0 at the end.
    func read(into buffer: UnsafeMutableRawPointer, _ count: Int, path: String) throws -> Int {
        while true {
            let result = unsafe Glibc.read(descriptor, buffer, count)
            if result >= 0 { return result }
            if errno != EINTR { throw StoreError.system("read", path) }
        }
    }

    /// Writes every byte of a buffer.
    func write(_ buffer: UnsafeRawBufferPointer, path: String) throws {
        var offset = 0
        while offset < buffer.count {
            let result = unsafe Glibc.write(
                descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            if result < 0 {
                if errno == EINTR { continue }
                throw StoreError.system("write", path)
            }
            offset += result
        }
    }

    /// Lets the disk begin with a range of bytes, so that the wait of `synchronize` is short.
    ///
    /// The corresponding C function is `posix_fadvise` with "not needed again", on which Linux
    /// begins to write. It promises nothing, so nothing is lost where a file system ignores it.
    func startWriting(from offset: Int, count: Int) {
        _ = posix_fadvise(descriptor, offset, count, POSIX_FADV_DONTNEED)
    }

    /// Closes the file, and tells what its file system could not do with what was written.
    ///
    /// The corresponding C function is `close`: on NFS it is where a full disk is told.
    consuming func close(path: String) throws {
        let descriptor = self.descriptor
        discard self
        if Glibc.close(descriptor) != 0 && errno != EINTR {
            throw StoreError.system("write", path)
        }
    }

    /// Opens a file that this process made to the group of a shared folder, whatever the umask.
    func shareWithGroup(path: String, bits: mode_t = 0o60) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & bits != bits,
            status.st_uid == geteuid(), status.st_nlink == 1,
            let slash = path.lastIndex(of: "/"), isShared(String(path[..<slash]))
        else { return }
        _ = fchmod(descriptor, status.st_mode & 0o777 | bits)
    }

    /// Waits until the bytes are on the disk.
    ///
    /// The corresponding C function is `fsync`.
    func synchronize(path: String) throws {
        while fsync(descriptor) != 0 {
            if errno == EINTR { continue }
            if errno == EINVAL { return }  // a file system that has nothing to synchronise
            throw StoreError.system("write to disk", path)
        }
    }

    /// The file's size, identity and times.
    func status(path: String) throws -> stat {
        var result = stat()
        guard unsafe fstat(descriptor, &result) == 0 else {
            throw StoreError.system("look at", path)
        }
        return result
    }
}

/// The whole of a file, or `nil` where nothing stands at the path.
func readFile(_ path: String) throws -> [UInt8]? {
    // Without waiting: a pipe that somebody put there must not hang us.
    guard let handle = try FileHandle.open(path, O_RDONLY | O_NONBLOCK) else { return nil }
    let status = try handle.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw StoreError(
            code: .malformed, message: "\(path): expected a file, found something else",
            remedy: "remove it")
    }
    var bytes: [UInt8] = []
    var capacity = Int(status.st_size) + 1
    while true {
        let old = bytes.count
        let chunk = try unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = 0
            while count < capacity, let base = buffer.baseAddress {
                let got = try unsafe handle.read(
                    into: base.advanced(by: count), capacity - count, path: path)
                if got == 0 { break }
                count += got
            }
        }
        if old == 0 { bytes = chunk } else { bytes += chunk }
        if chunk.count < capacity { return bytes }
        capacity = 1 << 20
    }
}

/// The whole of a file of at most `limit` bytes, or `nil` where nothing stands at the path.
///
/// - Throws: ``StoreError`` `malformed` for a larger file and for what is no file, `untrusted` for a
///   link where none is followed.
func readBounded(_ path: String, limit: Int, followingLinks: Bool = true) throws -> [UInt8]? {
    let flags = O_RDONLY | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    guard let handle = try FileHandle.open(path, flags) else { return nil }
    let status = try handle.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
        throw StoreError(
            code: .malformed,
            message: "\(path): expected a file of at most \(limit) bytes, found "
                + (status.st_mode & S_IFMT == S_IFREG ? "\(status.st_size)" : "something else"),
            remedy: "remove it")
    }
    return unsafe try [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
        while let base = buffer.baseAddress, count < buffer.count {
            let got = try unsafe handle.read(
                into: base.advanced(by: count), buffer.count - count, path: path)
            if got == 0 { break }
            count += got
        }
    }
}

/// The whole of a small file, or `nil` where nothing stands at the path: three system calls.
///
/// A file that does not fit in a page is read by ``readFile(_:)``; one beyond the limit is refused, and
/// so is a link where a limit is given.
func readSmallFile(_ path: String, limit: Int = .max) throws -> [UInt8]? {
    let capacity = 4096
    // Without waiting: a pipe that somebody put there must not hang us.
    let flags = O_RDONLY | O_NONBLOCK | (limit < .max ? O_NOFOLLOW : 0)
    guard let handle = try FileHandle.open(path, flags) else { return nil }
    let bytes = unsafe try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        count = try unsafe handle.read(into: base, capacity, path: path)
    }
    if bytes.count < capacity && !bytes.isEmpty { return bytes }
    return limit < .max
        ? try readBounded(path, limit: limit, followingLinks: false) : try readFile(path)
}

/// Waits until a folder's entries are on the disk.
func synchronizeFolder(_ path: String) throws {
    let handle = try FileHandle.required(path, O_RDONLY | O_DIRECTORY)
    try handle.synchronize(path: path)
}

/// Makes a folder and its parents; what is there stays as it is.
///
/// In a folder that a group shares (writable for the group, with the set-group-ID bit) a new one is
/// shared too, whatever the umask of the person who happens to make it.
package func makeFolder(_ path: String) throws {
    var number = makeOneFolder(path)
    if number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try makeFolder(String(path[..<slash]))
        number = makeOneFolder(path)
    }
    if number == 0 { return }
    guard number == EEXIST else { throw StoreError.system("make the folder", path, number) }
    var result = stat()
    if unsafe stat(path, &result) == 0, result.st_mode & S_IFMT == S_IFDIR { return }
    throw StoreError(
        code: .notAStore, message: "\(path): expected a folder, found a file",
        remedy: "move the file away, or choose another store with --store")
}

/// Makes a folder in one that is there.
///
/// - Returns: 0, or the number of the error.
private func makeOneFolder(_ path: String) -> CInt {
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
    // By a descriptor: whoever may write here could put a link to another folder in its place.
    if let made = try? FileHandle.open(draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
        let mode = try? made.status(path: draft).st_mode, mode & 0o70 != 0o70
    {
        _ = fchmod(made.descriptor, mode & 0o7777 | 0o70)
    }
    var number = renameNew(draft, to: path)
    if number == EINVAL || number == ENOSYS || number == EOPNOTSUPP {
        // NFS: an empty folder of the same kind may be replaced, one with something in it is not.
        number = unsafe rename(draft, path) == 0 ? 0 : errno
        if number == ENOTEMPTY { number = EEXIST }
    }
    if number != 0 { _ = unsafe rmdir(draft) }
    return number
}

/// Whether this process makes files that no group may read, unless it says otherwise: umask 077.
///
/// umask(2) tells by changing it, which other threads would notice; the kernel also tells it here.
private let umaskHidesFromGroup: Bool = {
    guard let bytes = try? readFile("/proc/self/status"),
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first(where: { $0.hasPrefix("Umask:") }),
        let mask = mode_t(line.dropFirst(6).filter { !$0.isWhitespace }, radix: 8)
    else { return false }
    return mask & S_IRGRP != 0
}()

/// Whether a folder is shared by a group: writable for it, and what is made there is the group's.
func isShared(_ folder: String) -> Bool {
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
        throw StoreError.system("list", path)
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

/// Removes a file or a whole folder without following links; what is gone already is fine.
func removeTree(_ path: String) throws {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
        if errno == ENOENT { return }
        throw StoreError.system("remove", path)
    }
    if status.st_mode & S_IFMT == S_IFDIR {
        if unsafe rmdir(path) == 0 { return }
        for name in try namesInFolder(path) { try removeTree("\(path)/\(name)") }
        if unsafe rmdir(path) != 0 && errno != ENOENT { throw StoreError.system("remove", path) }
    } else if unsafe unlink(path) != 0 && errno != ENOENT {
        throw StoreError.system("remove", path)
    }
}

/// Makes a folder, or removes everything in the one that is there.
package func makeEmptyFolder(_ path: String) throws {
    let number = makeOneFolder(path)
    if number == 0 { return }
    guard number == EEXIST else { throw StoreError.system("make", path, number) }
    for name in try namesInFolder(path) { try removeTree("\(path)/\(name)") }
}

/// A name that no other process or attempt has: 24 hexadecimal digits, 16 of them drawn once by this
/// process from the kernel, 8 counted on.
func randomName() -> String {
    let count = nameCount.wrappingAdd(1, ordering: .relaxed).newValue
    func digits(_ value: UInt64, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return digits(namePrefix, 16) + digits(count, 8)
}

private let namePrefix = UInt64.random(in: 0 ... .max)
private let nameCount = Atomic<UInt64>(0)

/// The folder for temporary files: `TMPDIR`, else `/tmp`.
package var temporaryFolder: String {
    let value = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return value.isEmpty ? "/tmp" : value
}
