import Canon
package import Experiment
import Glibc
import Synchronization
import System

/// How far a running action was at moments of its attempt: a file in the attempt's folder, which other
/// processes read meanwhile.
///
/// A line a second at first; the older the attempt, the rarer they are, so that a run of a month has fewer
/// than 4,000.
package final class ProgressTrail: Sendable {
    /// A moment.
    package struct Moment: Sendable, Equatable {
        /// Seconds since the attempt began.
        package let seconds: Double
        /// How far it was.
        package let progress: StageProgress
    }

    private static let mostBytes = 1 << 20
    private let start = ContinuousClock.now
    private let path: String
    private let next = Mutex(0.0)

    /// Begins a trail in the folder of an attempt; that of an action before it there goes.
    init(in folder: String) {
        path = ProgressTrail.path(in: folder)
        _ = unsafe unlink(path)
    }

    private static func path(in folder: String) -> String { "\(folder)/.progress" }

    /// Adds a moment, unless the last was just now.
    ///
    /// What cannot be written is told nowhere: the engine is told all the same.
    func add(_ progress: StageProgress) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        next.withLock { next in
            guard seconds >= next else { return }
            next = seconds + max(1, seconds / 200)
            let line: JSON = [
                "seconds": .number((seconds * 10).rounded() / 10),
                "done": .number(Double(progress.done)), "total": .number(Double(progress.total)),
                "note": .string(String(progress.note.prefix(200))),
            ]
            let file = try? FileHandle.required(
                path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK)
            let bytes = line.canonical() + [10]
            _ = try? unsafe bytes.withUnsafeBytes { try unsafe file?.write($0, path: path) }
        }
    }

    /// How many bytes the trail of an attempt has.
    package static func size(in folder: String) -> Int { sizeOfFile(path(in: folder)) ?? 0 }

    /// The moments of an attempt, in order; a line that is none is passed over, for programs can write there.
    package static func moments(in folder: String) -> [Moment] {
        let bytes = try? readWholeFile(
            path(in: folder), limit: mostBytes, followingLinks: false)
        guard let bytes = bytes ?? nil else { return [] }
        return bytes.split(separator: 10).compactMap { line in
            guard let json = try? JSON(parsing: Array(line)), let seconds = json["seconds"]?.double,
                let done = json["done"]?.integer, let total = json["total"]?.integer,
                let note = json["note"]?.text, seconds >= 0, done >= 0, done <= max(0, total)
            else { return nil }
            return Moment(
                seconds: seconds, progress: StageProgress(done: done, total: total, note: note))
        }
    }
}
