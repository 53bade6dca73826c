import Canon
import LocalStore

/// The end of an action's log: a log may have any size, and its end says how the action ended.
struct LogEnd {
    /// The most bytes that are shown.
    static let largest = 1 << 20

    /// The end, from the beginning of a line where lines were left out.
    let text: String
    /// How many bytes were left out before it.
    let leftOut: Int
    private let path: String

    /// Reads the end of a log; empty where there is none, or no good copy of it.
    init(_ log: Digest?, in store: Store) throws {
        guard let log, let (end, size) = try store.end(of: log, count: LogEnd.largest) else {
            (text, leftOut, path) = ("", 0, "")
            return
        }
        var shown = end[...]
        if size > end.count, let line = end.firstIndex(of: 10), line + 1 < end.endIndex {
            shown = end[(line + 1)...]
        }
        text = String(decoding: shown, as: UTF8.self)
        leftOut = size - shown.count
        path = store.path(of: log) ?? ""
    }

    /// For people: the lines, after a word on what is left out.
    var lines: [String] {
        let note =
            leftOut == 0 ? [] : ["… \(ByteCount.text(leftOut)) before; all: zstd -dc '\(path)'"]
        return note + text.split(separator: "\n").map(String.init)
    }
}
