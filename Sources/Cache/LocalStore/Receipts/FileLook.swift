import Canon
import Glibc
import System

/// Looks at many files, and makes one digest of what identifies each: device, inode, size, and the times of
/// content and inode.
///
/// One look a file. Two looks with the same digest saw the same files, unchanged in between: a write, a
/// rename or another mode changes a time, and another file has another inode.
struct FileLook: ~Copyable {
    /// When the newest of the files was last changed, in seconds since 1970.
    private(set) var newest = Int.min
    private var hasher = SHA256Hasher()
    private var waiting: [UInt64] = []

    /// Looks at a file outside the store; one that is not there counts as that.
    mutating func add(fileAt path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return add([UInt64(errno), 0]) }
        add(status)
    }

    /// Looks at the files `area/ab/cdef…SUFFIX` of a store, whose shards are no links: that was looked at
    /// when it was opened.
    ///
    /// - Returns: whether each is a file that is not empty.
    mutating func add(_ digests: [Digest], area: String, suffix: String) throws -> Bool {
        if digests.isEmpty { return true }
        guard let folder = try FileHandle.open(area, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) else {
            return false
        }
        var name = [CChar](repeating: CChar(UInt8(ascii: "/")), count: 65)
        name += suffix.utf8.map { CChar(bitPattern: $0) } + [0]
        var status = stat()
        for digest in digests {
            FileLook.write(digest, to: &name)
            guard unsafe fstatat(folder.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
            else { return false }
            add(status)
        }
        return true
    }

    /// The digest of all that was seen.
    consuming func finish() -> Digest {
        flush()
        return hasher.finalize()
    }

    private mutating func add(_ status: stat) {
        newest = max(newest, status.st_ctim.tv_sec)
        add([
            UInt64(status.st_dev), UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_size)),
            UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
            UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
            UInt64(bitPattern: Int64(status.st_ctim.tv_sec)),
            UInt64(bitPattern: Int64(status.st_ctim.tv_nsec)), UInt64(status.st_mode),
        ])
    }

    private mutating func add(_ numbers: [UInt64]) {
        waiting += numbers
        if waiting.count >= 4096 { flush() }
    }

    private mutating func flush() {
        unsafe waiting.withUnsafeBytes { unsafe hasher.update(Span(_unsafeBytes: $0)) }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Writes the digits of a digest, with a place between the second and the third.
    private static func write(_ digest: Digest, to name: inout [CChar]) {
        for word in 0..<4 {
            var rest = digest.words[word]
            for place in (16 * word..<16 * (word + 1)).reversed() {
                let digit = UInt8(truncatingIfNeeded: rest & 15)
                name[place < 2 ? place : place + 1] = CChar(digit &+ 48 &+ (digit > 9 ? 39 : 0))
                rest >>= 4
            }
        }
    }
}
