import Canon
package import Experiment

/// What a program printed last, as far as a person wants to see it while it runs: its last line, and how far
/// it says to be.
///
/// A carriage return begins a line anew, as progress bars do. A whole line `progress 300/1000 loss 0.042`
/// is how far it is.
package struct ProgramNote {
    /// The most bytes of a line that are looked at; the rest of a longer one is passed over.
    private static let longest = 4096
    /// The most characters that are shown.
    private static let shown = 200

    private static let word = Array("progress ".utf8)

    /// How far the program is, with its last line.
    package private(set) var progress = StageProgress(done: 0, total: 0, note: "")
    private var line: [UInt8] = []
    /// The last line that was ended since the last was shown.
    private var ended: [UInt8] = []

    /// Begins before anything is printed.
    package init() {}

    /// Reads what the program printed next.
    ///
    /// - Returns: whether there is something else to show.
    package mutating func read(_ bytes: [UInt8]) -> Bool {
        let before = progress
        for byte in bytes {
            if byte == 10 || byte == 13 {
                end()
            } else if line.count < ProgramNote.longest {
                line.append(byte)
            }
        }
        show(ended)
        ended = []
        // A bar may never end its line; but half a number of progress would be another number.
        if !line.starts(with: ProgramNote.word) { show(line) }
        return progress != before
    }

    private mutating func end() {
        if line.starts(with: ProgramNote.word),
            let said = ProgramNote.progress(in: ProgramNote.text(line))
        {
            progress = said
            ended = []
        } else if ProgramNote.isSeen(line) {
            ended = line
        }
        line = []
    }

    /// Whether a line has something that can be seen.
    private static func isSeen(_ line: [UInt8]) -> Bool {
        line.contains { $0 > 0x20 } && (!line.contains(0x1B) || !text(line).isEmpty)
    }

    /// Shows a line; one in which nothing can be seen leaves what is shown.
    private mutating func show(_ line: [UInt8]) {
        let text = ProgramNote.text(line)
        if text.isEmpty { return }
        progress = StageProgress(done: progress.done, total: progress.total, note: text)
    }

    /// Reads `progress DONE/TOTAL TEXT`; `nil` for any other line.
    private static func progress(in line: String) -> StageProgress? {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "progress" else { return nil }
        let numbers = parts[1].split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 2, let done = count(numbers[0]), let total = count(numbers[1]),
            total > 0, done <= total
        else { return nil }
        return StageProgress(
            done: done, total: total, note: parts.count > 2 ? String(parts[2]) : "")
    }

    /// A number of steps: digits, and fewer than overflow when they are shown in percent.
    private static func count(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 15, text.utf8.allSatisfy({ 48...57 ~= $0 }) else {
            return nil
        }
        return Int(text)
    }

    /// A line without what steers a terminal, and no longer than can be shown.
    private static func text(_ line: [UInt8]) -> String {
        let text = printable(String(decoding: withoutEscapes(line), as: UTF8.self))
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        return String(words.joined(separator: " ").prefix(shown))
    }

    /// Takes out the sequences that begin with ESC: colours, movements, titles.
    private static func withoutEscapes(_ line: [UInt8]) -> [UInt8] {
        guard line.contains(0x1B) else { return line }
        var kept: [UInt8] = []
        var place = 0
        while place < line.count {
            guard line[place] == 0x1B else {
                kept.append(line[place])
                place += 1
                continue
            }
            place = end(ofEscapeAt: place, in: line)
        }
        return kept
    }

    /// Where the bytes go on after a sequence: ESC [ … letter, ESC ] … BEL or ESC \, ESC and one more byte.
    private static func end(ofEscapeAt start: Int, in line: [UInt8]) -> Int {
        guard start + 1 < line.count else { return line.count }
        switch line[start + 1] {
        case UInt8(ascii: "["):
            let end = line[(start + 2)...].firstIndex { 0x40...0x7E ~= $0 }
            return end.map { $0 + 1 } ?? line.count
        case UInt8(ascii: "]"):
            guard let end = line[(start + 2)...].firstIndex(where: { $0 == 7 || $0 == 0x1B }) else {
                return line.count
            }
            return line[end] == 7 ? end + 1 : min(end + 2, line.count)
        default: return start + 2
        }
    }
}
