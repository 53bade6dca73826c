import Glibc

/// A file that could not be written, with the system's reason.
package struct FileError: Error, CustomStringConvertible {
    /// What was tried, on which path, and why it failed.
    package let description: String
}

/// Writes bytes to a new or emptied file; for attempt folders only, so without fsync.
func writeWholeFile(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
        throw unsafe FileError(
            description: "\(path): cannot write: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(
                descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
            throw unsafe FileError(
                description: "\(path): cannot write: \(String(cString: strerror(errno)))")
        }
        offset += count
    }
}
