import Canon
import Glibc
import System

/// What a pilot told in its file of events, read as it grows.
struct PilotLog {
    /// Whether it began.
    private(set) var hasBegun = false
    /// Its class.
    private(set) var need: NeedClass?
    /// Why it left, in a word; `nil` while it may go on.
    private(set) var left: String?
    /// How many actions it began.
    private(set) var begun = 0
    /// The actions that it executes.
    private(set) var running: Set<Int> = []
    private var offset = 0

    /// Reads what was added to the file.
    mutating func read(_ path: String, index: (String) -> Int?) -> [DelegateNews] {
        guard let size = sizeOfFile(path), size > offset,
            let file = try? FileHandle.open(path, O_RDONLY | O_NOFOLLOW),
            (try? file.seek(to: offset, path: path)) != nil
        else { return [] }
        let count = min(size - offset, 1 << 20)
        var bytes = [UInt8](repeating: 0, count: count)
        let found = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe buffer.baseAddress.map {
                unsafe (try? file.read(into: $0, count, path: path)) ?? 0
            } ?? 0
        }
        bytes.removeLast(count - found)
        // A line that is being written is read whole the next time.
        guard let end = bytes.lastIndex(of: 10) else { return [] }
        offset += end + 1
        return bytes[...end].split(separator: 10).flatMap { line in
            (try? JSON(parsing: Array(line))).map { take($0, index) } ?? []
        }
    }

    /// Forgets what it executes, for it ended; the actions that it did not finish.
    mutating func end() -> Set<Int> {
        defer { running = [] }
        return running
    }

    private mutating func take(_ json: JSON, _ index: (String) -> Int?) -> [DelegateNews] {
        switch json["event"]?.text {
        case "pilot":
            // A job that was requeued begins anew in the same file.
            (hasBegun, left, running) = (true, nil, [])
            need = json["need"]?.text.flatMap { NeedClass(text: $0) }
            return []
        case "left":
            left = json["why"]?.text ?? ""
            return []
        case "failed":
            if let index = json["action"]?.text.flatMap(index) { running.remove(index) }
            return []
        default: break
        }
        guard let event = RunEvent(json: json, index: index) else { return [] }
        switch event {
        case .running(let index, _):
            begun += 1
            running.insert(index)
        case .retrying(let index, _): running.remove(index)
        case .finished(let index, _):
            running.remove(index)
            return [.executed(index)]
        default: break
        }
        return [.event(event)]
    }
}
