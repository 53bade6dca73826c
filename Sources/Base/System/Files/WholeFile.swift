package import Canon
import Glibc

/// A file that could not be read or written, with the reason.
package struct FileError: Error, CustomStringConvertible {
    /// What was tried, on which path, and why it failed.
    package let description: String

    /// Names a failure.
    package init(description: String) { self.description = description }
}

/// Writes bytes to a new or emptied file; for attempt folders only, so without fsync.
package func writeWholeFile(_ path: String, _ bytes: [UInt8]) throws {
    guard let file = unsafe fopen(path, "wbe") else {
        throw unsafe FileError(
            description: "\(path): cannot write: \(String(cString: strerror(errno)))")
    }
    let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    let isComplete = count == bytes.count
    let isClosed = unsafe fclose(file) == 0
    guard isComplete && isClosed else {
        throw unsafe FileError(
            description: "\(path): cannot write: \(String(cString: strerror(errno)))")
    }
}

/// The bytes of a file; `nil` where nothing stands at the path.
package func readWholeFile(_ path: String) throws -> [UInt8]? {
    guard let file = unsafe fopen(path, "rbe") else {
        if errno == ENOENT { return nil }
        throw unsafe FileError(
            description: "\(path): cannot read: \(String(cString: strerror(errno)))")
    }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
            unsafe count = fread(buffer.baseAddress, 1, 1 << 18, file)
        }
        bytes += chunk
        if chunk.count < 1 << 18 { return bytes }
    }
}

/// The digest of a file of any size, read in pieces.
package func digest(ofFileAt path: String) throws -> Digest {
    guard let file = unsafe fopen(path, "rbe") else {
        throw unsafe FileError(
            description: "\(path): cannot read: \(String(cString: strerror(errno)))")
    }
    defer { unsafe fclose(file) }
    var hasher = SHA256Hasher()
    while true {
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
            unsafe count = fread(buffer.baseAddress, 1, 1 << 18, file)
        }
        hasher.update(piece.span)
        if piece.count < 1 << 18 { return hasher.finalize() }
    }
}

/// The size of a file; 0 where there is none.
package func fileSizeIfAny(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// The bytes of a file that is expected to be there.
package func wholeFile(_ path: String) throws -> [UInt8] {
    guard let bytes = try readWholeFile(path) else {
        throw OperationalError(
            code: .missing, message: "\(path): no such file", remedy: "check the path")
    }
    return bytes
}
