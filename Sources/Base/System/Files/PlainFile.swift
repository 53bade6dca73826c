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
        let opened: FileHandle?
        do {
            opened = try FileHandle.open(path, flags)
        } catch let error as OperationalError where error.code == .inputOutput {
            // A socket, and a device that is not there, cannot be opened at all.
            var status = stat()
            guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
                throw error
            }
            throw unlike(path, status, remedy)
        }
        guard let handle = opened else { return nil }
        let status = try handle.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw unlike(path, status, remedy) }
        return PlainFile(path: path, status: status, handle: handle)
    }

    /// Opens what stands in a folder, through no link; `nil` where nothing does.
    ///
    /// Messages call it `path`.
    ///
    /// - Throws: ``OperationalError``: `malformed` for what is no plain file, `untrusted` for a link.
    package static func open(
        _ entry: FolderEntry, in folder: borrowing FolderHandle, path: String
    ) throws -> PlainFile? {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW
        guard let handle = try FileHandle.open(entry, in: folder, flags, path: path) else {
            return nil
        }
        let status = try handle.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw unlike(path, status, "put a plain file there")
        }
        return PlainFile(path: path, status: status, handle: handle)
    }

    /// The refusal of what is no plain file.
    private static func unlike(_ path: String, _ status: stat, _ remedy: String) -> OperationalError
    {
        OperationalError(
            code: .malformed, message: "\(path): expected a file, found \(status.kindInWords)",
            remedy: remedy)
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

    /// Reads so many bytes from a place on, fewer only at the end; where reading goes on stays as it was.
    package func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while let base = buffer.baseAddress, done < count {
                let got = try unsafe handle.read(
                    into: base.advanced(by: done), count - done, at: offset + done, path: path)
                if got == 0 { break }
                done += got
            }
        }
    }

    /// All bytes of a small file that was not read yet.
    ///
    /// - Throws: ``OperationalError``; also when the file became shorter since it was opened.
    package func wholeSmall() throws -> [UInt8] {
        let bytes = try read(size)
        guard bytes.count == size else { throw PlainFile.shortened(path) }
        return bytes
    }

    /// The failure of a file that changed its size while it was read.
    package static func shortened(_ path: String) -> OperationalError {
        OperationalError(
            code: .inputOutput, message: "\(path): became shorter while it was read",
            remedy: "leave the file alone while it is stored, then try again")
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
