import Glibc

/// The whole of a file, or `nil` where nothing stands at the path.
package func readFile(_ path: String) throws -> [UInt8]? {
    // Without waiting: a pipe that somebody put there must not hang us.
    guard let handle = try FileHandle.open(path, O_RDONLY | O_NONBLOCK) else { return nil }
    let status = try handle.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw OperationalError(
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
/// - Throws: ``OperationalError`` `malformed` for a larger file and for what is no file, `untrusted` for a
///   link where none is followed.
package func readBounded(_ path: String, limit: Int, followingLinks: Bool = true) throws -> [UInt8]?
{
    let flags = O_RDONLY | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    guard let handle = try FileHandle.open(path, flags) else { return nil }
    let status = try handle.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
        throw OperationalError(
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
package func readSmallFile(_ path: String, limit: Int = .max) throws -> [UInt8]? {
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
