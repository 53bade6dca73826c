package import Canon
import Glibc
import System

/// The logs of attempts that gave no result, `logs/KEY`: bytes as they were printed, of the last such
/// attempt.
///
/// A result names its own log; then this one is gone. `gc` keeps those of actions that a kept run names.
extension Store {
    private func logPath(_ key: Digest) -> String { "\(path)/logs/\(key.hex)" }

    /// Keeps what an attempt printed, in place of what an earlier one did.
    ///
    /// - Throws: ``OperationalError`` where it cannot be written.
    package func keepLog(of attempt: AttemptFolder, for key: Digest) throws {
        removeLog(for: key)
        guard let log = try LogParts.join(attempt.path) else { return }
        try makeFolder("\(path)/logs")
        guard unsafe rename(log, logPath(key)) == 0 else {
            throw OperationalError.system("write", logPath(key))
        }
    }

    /// Keeps what an attempt elsewhere printed, in place of what an earlier one did.
    ///
    /// - Throws: ``OperationalError`` where it cannot be written.
    package func keepLog(_ bytes: [UInt8], for key: Digest) throws {
        try makeFolder("\(path)/logs")
        try writeWholeFile(bytes, to: logPath(key), .durable, drafts: "\(path)/tmp")
    }

    /// The log of the last attempt at an action that gave no result; `nil` where none is kept.
    ///
    /// - Throws: ``OperationalError`` where it cannot be read.
    package func keptLog(of key: Digest) throws -> [UInt8]? {
        try readWholeFile(logPath(key), limit: Store.largestLog, followingLinks: false)
    }

    /// The most bytes of a log that are read.
    private static let largestLog = 1 << 30

    /// Forgets the log of an action that is done.
    package func removeLog(for key: Digest) { _ = unsafe unlink(logPath(key)) }

    /// Removes the logs of actions that nothing reaches.
    ///
    /// - Returns: the bytes that they took.
    func removeLogs(keeping keys: Set<Digest>, dryRun: Bool) throws -> Int {
        var bytes = 0
        guard let folder = try folder("logs") else { return 0 }
        for entry in try folder.entries() {
            if let key = try? Digest(hex: entry.text), keys.contains(key) { continue }
            bytes += Int(try folder.status(of: entry)?.st_size ?? 0)
            if !dryRun { try folder.remove(entry) }
        }
        return bytes
    }
}
