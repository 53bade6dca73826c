import System

/// Writes whole small files beside its caller: while one group of them is being written, the next one is
/// being collected.
///
/// Most of the time of a small file is the kernel's, for making it; with this, whoever reads, checks and
/// compresses the next ones need not wait for that.
final class DraftWriter {
    private var collected: [(path: String, bytes: [UInt8])] = []
    private var bytes = 0
    private var running: BackgroundWork?

    /// Writes one file that must not be there yet, for everyone to read.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try writeWholeFile(bytes, to: path, .none, isNew: true, mode: 0o444)
    }

    /// Writes a file that must not be there yet; soon, and at the latest in ``finish()``.
    ///
    /// - Throws: ``OperationalError`` of this file or of an earlier one.
    func add(_ content: [UInt8], to path: String) throws {
        collected.append((path, content))
        bytes += content.count
        guard collected.count >= 128 || bytes >= 4 << 20 else { return }
        try running?.wait()
        running = BackgroundWork { [collected] in
            for file in collected { try DraftWriter.write(file.bytes, to: file.path) }
        }
        (collected, bytes) = ([], 0)
    }

    /// Writes what is left, and waits until every file is written.
    func finish() throws {
        defer { cancel() }
        try running?.wait()
        for file in collected { try DraftWriter.write(file.bytes, to: file.path) }
    }

    /// Waits until nothing is being written, and forgets what is not written yet.
    func cancel() {
        (collected, bytes, running) = ([], 0, nil)
    }
}
