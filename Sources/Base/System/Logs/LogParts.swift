import Canon
import Glibc

/// The parts of a log as they stand in a folder: files `.log-N`, each named by how many bytes came before it.
///
/// Where a part does not begin at the end of the one before it, what was between them is left out.
package struct LogParts {
    /// One part.
    package struct Part: Equatable, Sendable {
        /// How many bytes of the log come before it.
        package let start: Int
        /// Its file.
        package let path: String

        /// Whether a file stands there: a program that nothing confines can put anything in its place.
        fileprivate var isFile: Bool {
            var status = stat()
            return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    private static let prefix = ".log-"

    static func path(of start: Int, in folder: String) -> String { "\(folder)/\(prefix)\(start)" }

    /// The parts in a folder, in order; none where there is no log.
    package static func found(in folder: String) -> [Part] {
        named(in: folder).filter { $0.isFile }
    }

    /// All in a folder that is named as a part, whatever it is.
    static func named(in folder: String) -> [Part] {
        ((try? namesInFolder(folder)) ?? []).compactMap { name in
            guard name.hasPrefix(prefix), let start = Int(name.dropFirst(prefix.count)),
                start >= 0, ExactText(name) == ExactText("\(prefix)\(start)")
            else { return nil }
            return Part(start: start, path: "\(folder)/\(name)")
        }.sorted { $0.start < $1.start }
    }

    /// What stands in a log in place of what was left out.
    package static func note(leftOut count: Int) -> String {
        "\n… bitlaw left out \(counted(count, "byte")) of this log here …\n"
    }

    /// Gives out a log from a place on, part by part, with a note where something is left out.
    ///
    /// - Parameters:
    ///   - folder: where the parts stand.
    ///   - offset: how many bytes of the log were given out before.
    ///   - body: takes bytes of it, or a note.
    /// - Returns: how many bytes of the log are given out now.
    /// - Throws: ``OperationalError``, and what `body` throws.
    package static func read(
        _ folder: String, from offset: Int = 0, _ body: ([UInt8]) throws -> Void
    ) throws -> Int {
        var offset = offset
        for part in found(in: folder) {
            // One that was given up meanwhile is left out.
            guard let file = try PlainFile.open(part.path, followingLinks: false) else { continue }
            let end = part.start + file.size
            if end <= offset { continue }
            if part.start > offset {
                try body(Array(note(leftOut: part.start - offset).utf8))
                offset = part.start
            }
            while offset < end {
                let bytes = try file.read(min(1 << 20, end - offset), at: offset - part.start)
                if bytes.isEmpty { break }
                try body(bytes)
                offset += bytes.count
            }
        }
        return offset
    }

    /// How many bytes a log has had so far, with those that are left out.
    package static func size(_ folder: String) -> Int {
        found(in: folder).last.map { $0.start + (sizeOfFile($0.path) ?? 0) } ?? 0
    }

    /// What of a log in one file comes after so many bytes that were given out before.
    package static func rest(of log: [UInt8], after offset: Int) -> [UInt8] {
        if offset <= 0 { return log }
        let mark = Array("\n… bitlaw left out ".utf8)
        guard let start = log.firstRange(of: mark)?.lowerBound,
            let end = log[(start + 1)...].firstIndex(of: 10),
            let count = String(decoding: log[(start + mark.count)..<end], as: UTF8.self)
                .split(separator: " ").first.flatMap({ Int($0) })
        else { return Array(log.dropFirst(offset)) }
        if offset <= start { return Array(log[offset...]) }
        if offset < start + count { return Array(log[start...]) }
        return Array(log[(end + 1)...].dropFirst(offset - start - count))
    }

    /// The last bytes of a log, so many at most.
    package static func end(_ folder: String, count: Int) -> [UInt8] {
        var end: [UInt8] = []
        for part in found(in: folder).reversed() where end.count < count {
            let file = try? PlainFile.open(part.path, followingLinks: false)
            end = ((try? file?.end(count - end.count)) ?? []) + end
        }
        return end
    }

    /// Puts a log into one file, unless it is one already.
    ///
    /// - Returns: the path of the file; `nil` where nothing was written into the log.
    /// - Throws: ``OperationalError`` where it cannot be read or written.
    package static func join(_ folder: String) throws -> String? {
        let parts = found(in: folder)
        guard let first = parts.first else { return nil }
        if parts.count == 1 { return (sizeOfFile(first.path) ?? 0) > 0 ? first.path : nil }
        let path = "\(folder)/.log"
        let file = try FileHandle.required(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
        _ = try read(folder) { bytes in
            try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
        }
        return path
    }
}
