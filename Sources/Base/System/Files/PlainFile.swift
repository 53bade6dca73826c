package import Canon
package import Glibc

/// A plain file that is open for reading.
///
/// Whatever else stands at a path is refused at once: a pipe that somebody put there must not hang us,
/// and a device has no end.
package struct PlainFile: ~Copyable {
    /// The path that it was opened by.
    package let path: String
    /// Its size, identity and times when it was opened.
    package let status: stat
    private let handle: FileHandle

    /// Opens a path; `nil` where nothing stands there.
    ///
    /// - Throws: ``OperationalError``: `malformed` for what is no plain file, with `remedy` as the way out;
    ///   `untrusted` for a link where none is followed.
    package static func open(
        _ path: String, followingLinks: Bool = true, remedy: String = "put a plain file there"
    ) throws -> PlainFile? {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (followingLinks ? 0 : O_NOFOLLOW)
        guard let handle = try FileHandle.open(path, flags) else { return nil }
        let status = try handle.status(path: path)
        let found: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return PlainFile(path: path, status: status, handle: handle)
        case S_IFDIR: found = "a folder"
        case S_IFIFO: found = "a pipe"
        default: found = "a device"
        }
        throw OperationalError(
            code: .malformed, message: "\(path): expected a file, found \(found)", remedy: remedy)
    }

    /// Opens a path at which a file has to be.
    package static func required(
        _ path: String, followingLinks: Bool = true, remedy: String = "put a plain file there"
    ) throws -> PlainFile {
        guard let file = try open(path, followingLinks: followingLinks, remedy: remedy) else {
            throw OperationalError.system("open", path, ENOENT)
        }
        return file
    }

    /// The number of bytes that it had when it was opened; 0 for the files that the kernel makes up.
    package var size: Int { Int(status.st_size) }

    /// Reads up to `count` bytes into a buffer; 0 at the end.
    package func read(into buffer: UnsafeMutableRawPointer, _ count: Int) throws -> Int {
        try unsafe handle.read(into: buffer, count, path: path)
    }

    /// Reads so many bytes, fewer only at the end.
    package func read(_ count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while let base = buffer.baseAddress, done < count {
                let got = try unsafe read(into: base.advanced(by: done), count - done)
                if got == 0 { break }
                done += got
            }
        }
    }

    /// The last bytes of the file, so many at most; the rest is not read.
    package func end(_ count: Int) throws -> [UInt8] {
        let start = try handle.seek(to: max(0, size - count), path: path)
        return try read(min(count, size - start))
    }

    /// Hashes what is left to read, in bounded memory.
    package func digest() throws -> (digest: Digest, size: Int) {
        var hasher = SHA256Hasher()
        var size = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while let base = buffer.baseAddress {
            let count = try unsafe read(into: base, buffer.count)
            if count == 0 { break }
            unsafe hasher.update(Span(_unsafeBytes: buffer[..<count]))
            size += count
        }
        return (hasher.finalize(), size)
    }
}

extension Digest {
    /// The digest of a file of any size.
    ///
    /// - Throws: ``OperationalError``.
    package init(ofFileAt path: String) throws {
        self = try PlainFile.required(path).digest().digest
    }
}
