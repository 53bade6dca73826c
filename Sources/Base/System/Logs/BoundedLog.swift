import Glibc
import Synchronization

/// A log that keeps its beginning and its end, whatever is written into it: also while it grows, it takes no
/// more than its bound on the disk.
///
/// It stands in a folder as the parts that ``LogParts`` reads. The first part is the beginning; of the others
/// the newest stay.
package final class BoundedLog: Sendable {
    /// The most bytes of a log, unless its stage says another number.
    package static let usualBound = 16 << 20
    /// How many parts the end has at most: the oldest of them goes as a whole.
    private static let partsOfEnd = 3

    private struct State: ~Copyable {
        var file: FileHandle
        /// Where the part begins that is written.
        var start = 0
        /// Where the parts of the end begin.
        var ends: [Int] = []
        /// The descriptors of this process that write into it as well.
        var followers: [CInt] = []

        /// Lets the followers write into the part that is written now.
        func lead() {
            for follower in followers { dup2(file.descriptor, follower) }
        }
    }

    private let folder: String
    private let bound: Int
    private let beginning: Int
    private let part: Int
    private let state: Mutex<State>

    /// Begins an empty log in a folder, in place of one that stands there.
    ///
    /// - Parameters:
    ///   - folder: where its parts stand.
    ///   - bound: the most bytes that it takes; a sixteenth of them is its beginning.
    /// - Throws: ``OperationalError`` where the folder cannot be written.
    package init(in folder: String, bound: Int = BoundedLog.usualBound) throws {
        self.folder = folder
        self.bound = bound
        beginning = max(1, bound / 16)
        part = max(1, (bound - beginning) / BoundedLog.partsOfEnd)
        for part in LogParts.named(in: folder) where part.start > 0 {
            _ = unsafe unlink(part.path)
        }
        state = Mutex(State(file: try BoundedLog.open(LogParts.path(of: 0, in: folder))))
    }

    private static func open(_ path: String) throws -> FileHandle {
        try FileHandle.required(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_NONBLOCK)
    }

    /// Lets descriptors of this process write into it too, as long as it grows: for what libraries print.
    package func take(over descriptors: [CInt]) {
        state.withLock { state in
            state.followers = descriptors
            state.lead()
        }
    }

    /// Whether nothing was written into it so far, and its file stands as it was made.
    package var isUntouched: Bool {
        state.withLock { state in
            guard state.start == 0, let status = try? state.file.status(path: folder) else {
                return false
            }
            return status.st_size == 0 && status.st_nlink == 1
        }
    }

    /// Whether it is the log of a folder, with that bound.
    package func isLog(of folder: String, bound: Int) -> Bool {
        folder == self.folder && bound == self.bound
    }

    /// Adds bytes.
    ///
    /// - Throws: ``OperationalError`` where they cannot be written.
    package func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            var rest = bytes[...]
            while !rest.isEmpty {
                let path = LogParts.path(of: state.start, in: folder)
                let size = Int(try state.file.status(path: path).st_size)
                let room = (state.start == 0 ? beginning : part) - size
                if room <= 0 {
                    try goOn(at: state.start + size, &state)
                    continue
                }
                try unsafe rest.prefix(room).withUnsafeBytes {
                    try unsafe state.file.write($0, path: path)
                }
                rest = rest.dropFirst(room)
            }
        }
    }

    /// Begins another part, and gives the oldest of the end up where there are too many.
    private func goOn(at start: Int, _ state: inout State) throws {
        state.file = try BoundedLog.open(LogParts.path(of: start, in: folder))
        state.lead()
        state.start = start
        state.ends.append(start)
        if state.ends.count > BoundedLog.partsOfEnd {
            _ = unsafe unlink(LogParts.path(of: state.ends.removeFirst(), in: folder))
        }
    }
}
