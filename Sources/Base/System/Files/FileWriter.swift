import Glibc

/// A whole small file that nothing has the name of yet.
package struct NewFile: Sendable {
    package let path: String
    package let bytes: [UInt8]

    /// Names a file and its content.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Writes it, for everyone to read.
    package func write() throws {
        let file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
        try file.close(path: path)
    }
}

/// Writes whole small files beside its caller: while one group of them is being written, the next one is
/// being collected.
///
/// Most of the time of a small file is the kernel's, for making it; with this, whoever reads, checks and
/// compresses the next ones need not wait for that.
package final class FileWriter {
    private var collected: [NewFile] = []
    private var bytes = 0
    private var running: BackgroundWork?

    /// A writer with nothing to do yet.
    package init() {}

    /// Writes a file that must not be there yet; soon, and at the latest in ``finish()``.
    ///
    /// - Throws: ``OperationalError`` of this file or of an earlier one.
    package func write(_ content: [UInt8], to path: String) throws {
        collected.append(NewFile(path: path, bytes: content))
        bytes += content.count
        guard collected.count >= 128 || bytes >= 4 << 20 else { return }
        try running?.wait()
        running = BackgroundWork { [collected] in
            for file in collected { try file.write() }
        }
        (collected, bytes) = ([], 0)
    }

    /// Writes what is left, and waits until every file is written.
    package func finish() throws {
        defer { (collected, bytes, running) = ([], 0, nil) }
        try running?.wait()
        for file in collected { try file.write() }
    }

    /// Waits until nothing is being written, and forgets what is not written yet.
    package func cancel() {
        (collected, bytes, running) = ([], 0, nil)
    }
}
