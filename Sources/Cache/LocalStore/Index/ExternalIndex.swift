import Canon
import Glibc
import Synchronization
import System

/// The file `index` of a store: the digests of files outside, so that what did not change is not read again.
///
/// It is read once, and what others append is read when something is missed. It is only a memory: lines that
/// do not parse are passed over, and losing it costs nothing but reading.
final class ExternalIndex: Sendable {
    private struct State {
        var files: [FileIdentity: Digest] = [:]
        var names: [String: Digest] = [:]
        /// The file that was read, and how much of it.
        var inode: ino_t = 0
        var read = 0
    }

    private let path: String
    private let state = Mutex(State())

    /// The most bytes of a file that is read; a larger one is begun anew.
    private static let mostBytes = 256 << 20

    init(store: String) { path = "\(store)/index" }

    /// The digest of a file, where it is remembered.
    func digest(of file: FileIdentity) throws -> Digest? {
        try state.withLock { state in
            if let known = state.files[file] { return known }
            return try refresh(&state) ? state.files[file] : nil
        }
    }

    /// The digest that is remembered under a name.
    func digest(named name: String) throws -> Digest? {
        try state.withLock { state in
            _ = try refresh(&state)
            return state.names[name]
        }
    }

    /// Remembers the digests of files.
    func remember(_ files: [(FileIdentity, Digest)]) throws {
        if files.isEmpty { return }
        try append(files.map { "\($0.text) \($1.hex)\n" }.joined())
        state.withLock { state in
            for (file, digest) in files { state.files[file] = digest }
        }
    }

    /// Remembers a digest under a name.
    func remember(_ digest: Digest, as name: String) throws {
        try append("= \(name) \(digest.hex)\n")
        state.withLock { $0.names[name] = digest }
    }

    private func append(_ lines: String) throws {
        if sizeOfFile(path) ?? 0 > ExternalIndex.mostBytes { _ = unsafe unlink(path) }
        let file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
        file.shareWithGroup(path: path)
        try unsafe Array(lines.utf8).withUnsafeBytes { try unsafe file.write($0, path: path) }
    }

    /// Reads what was appended since the last time, or all where another file stands there; whether there was
    /// anything.
    private func refresh(_ state: inout State) throws -> Bool {
        guard let file = try PlainFile.open(path, followingLinks: false) else { return false }
        guard file.size <= ExternalIndex.mostBytes else { return false }
        if file.status.st_ino != state.inode || file.size < state.read {
            state = State()
            state.inode = file.status.st_ino
        }
        guard file.size > state.read else { return false }
        let bytes = try file.read(file.size - state.read, at: state.read)
        // Of a line that somebody is still writing the rest comes later.
        guard let end = bytes.lastIndex(of: 10) else { return false }
        state.read += end + 1
        for line in bytes[..<end].split(separator: 10) { ExternalIndex.take(line, &state) }
        return true
    }

    private static func take(_ line: ArraySlice<UInt8>, _ state: inout State) {
        guard line.count > 65, line[line.endIndex - 65] == UInt8(ascii: " "),
            case .success(let words) = Digest.words(hexDigits: Array(line.suffix(64)).span)
        else { return }
        let digest = Digest(words: words)
        let lead = line.dropLast(65)
        if lead.starts(with: "= ".utf8) {
            state.names[String(decoding: lead.dropFirst(2), as: UTF8.self)] = digest
        } else if let file = FileIdentity(lead.split(separator: UInt8(ascii: " "))) {
            state.files[file] = digest
        }
    }
}
