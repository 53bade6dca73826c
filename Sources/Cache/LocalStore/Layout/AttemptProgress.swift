package import Canon
import Glibc
import System

/// How far an attempt is, as who looks from outside may read it: a file `.progress` in its folder.
///
/// It is no part of a result. A program that nothing confines may write anything there.
package struct AttemptProgress: Sendable, Equatable {
    /// How many steps are done.
    package let done: Int
    /// How many there are; 0 where nobody knows.
    package let total: Int
    /// A word on it, such as the loss.
    package let note: String

    private static let name = ".progress"
    private static let longest = 4096

    /// Names how far an attempt is.
    package init(done: Int, total: Int, note: String) {
        self.done = done
        self.total = total
        self.note = note
    }

    /// Writes it into the folder of an attempt at an action; where that fails nobody sees it.
    package func write(_ folder: String, of key: Digest) {
        let path = "\(folder)/\(AttemptProgress.name)"
        let text = JSON.object([
            "done": .number(Double(done)), "key": .string(key.hex),
            "note": .string(String(note.prefix(200))), "total": .number(Double(total)),
        ]).canonical()
        let file = try? FileHandle.open(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
        try? unsafe text.withUnsafeBytes { try unsafe file?.write($0, path: path) }
    }

    /// Reads how far an attempt at an action is; `nil` where nothing is told of it.
    package init?(_ folder: String, of key: Digest) {
        let bytes = try? readWholeFile(
            "\(folder)/\(AttemptProgress.name)", limit: AttemptProgress.longest,
            followingLinks: false)
        guard let found = bytes ?? nil, let json = try? JSON(parsing: found),
            json["key"]?.text == key.hex, let done = json["done"]?.integer,
            let total = json["total"]?.integer
        else { return nil }
        self.init(done: done, total: total, note: json["note"]?.text ?? "")
    }
}

extension Store {
    /// The attempts that go on at this moment, by whatever process: the key of each, and its folder.
    package func attemptsGoingOn() -> [(key: Digest, folder: String)] {
        let names = (try? namesInFolder("\(path)/tmp")) ?? []
        return names.filter { $0.hasPrefix("attempt-") && !$0.hasSuffix(".lock") }.sorted()
            .compactMap { name in
                let folder = "\(path)/tmp/\(name)"
                let note = try? readWholeFile(
                    "\(folder)/\(AttemptFolder.noteName)", limit: 1024, followingLinks: false)
                guard let note = note ?? nil, StoreLock.isHeld(folder + ".lock"),
                    let key = try? Digest(hex: String(decoding: note, as: UTF8.self))
                else { return nil }
                return (key, folder)
            }
    }
}
