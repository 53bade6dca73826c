/// The lines in which two versions of a text differ, as `diff -u` shows them.
///
/// Its size is bounded: only the first lines are kept, the others are counted. So is its cost: where more
/// than ``mostEdits`` lines changed, everything between the first and the last of them counts as changed.
package struct LineDifference: Sendable, Equatable {
    /// How many lines are shown at most.
    package static let mostShown = 20
    /// How many changed lines are searched for the shortest difference.
    static let mostEdits = 500

    /// How many lines are only in the new version.
    package let added: Int
    /// How many lines are only in the old version.
    package let removed: Int
    /// The first lines of the unified difference, without the names of files.
    package let shown: [String]
    /// How many lines of it are not shown.
    package let more: Int

    /// Compares two versions.
    ///
    /// - Complexity: the lines times the changed ones, of which at most ``mostEdits`` count.
    package init(from old: [UInt8], to new: [UInt8]) {
        let (old, new) = (LineDifference.lines(of: old), LineDifference.lines(of: new))
        var unified = UnifiedText(old, new)
        for hunk in LineDifference.hunks(EditScript(old, new).changes) { unified.add(hunk) }
        (added, removed) = (unified.added, unified.removed)
        (shown, more) = (unified.lines, unified.count - unified.lines.count)
    }

    /// The lines, each with its end: the last may have none.
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end =
                bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            lines.append(bytes[start..<end])
            start = end
        }
        return lines
    }

    /// Changes that are shown together, because no more than six lines lie between them.
    private static func hunks(_ changes: [EditScript.Change]) -> [[EditScript.Change]] {
        var hunks: [[EditScript.Change]] = []
        for change in changes {
            if let last = hunks.last?.last,
                change.old.lowerBound - last.old.upperBound <= 2 * UnifiedText.context
            {
                hunks[hunks.count - 1].append(change)
            } else {
                hunks.append([change])
            }
        }
        return hunks
    }
}

/// Writes hunks with three lines around each change, and keeps the first lines.
private struct UnifiedText {
    static let context = 3
    private let old, new: [ArraySlice<UInt8>]
    private(set) var lines: [String] = []
    private(set) var count = 0
    private(set) var added = 0
    private(set) var removed = 0

    init(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) {
        (self.old, self.new) = (old, new)
    }

    mutating func add(_ hunk: [EditScript.Change]) {
        guard let first = hunk.first, let last = hunk.last else { return }
        let before = min(UnifiedText.context, first.old.lowerBound)
        let after = min(UnifiedText.context, old.count - last.old.upperBound)
        let left = (first.old.lowerBound - before)..<(last.old.upperBound + after)
        let right = (first.new.lowerBound - before)..<(last.new.upperBound + after)
        put("@@ -\(UnifiedText.text(left)) +\(UnifiedText.text(right)) @@")
        var place = left.lowerBound
        for change in hunk {
            for line in old[place..<change.old.lowerBound] { put(" ", line) }
            for line in old[change.old] { put("-", line) }
            for line in new[change.new] { put("+", line) }
            removed += change.old.count
            added += change.new.count
            place = change.old.upperBound
        }
        for line in old[place..<left.upperBound] { put(" ", line) }
    }

    /// A range of lines: the first, counted from 1, and how many unless it is one.
    private static func text(_ range: Range<Int>) -> String {
        if range.count == 1 { return "\(range.upperBound)" }
        return "\(range.isEmpty ? range.lowerBound : range.lowerBound + 1),\(range.count)"
    }

    private mutating func put(_ sign: String, _ line: ArraySlice<UInt8>) {
        let ends = line.last == UInt8(ascii: "\n")
        put(sign + String(decoding: ends ? line.dropLast() : line, as: UTF8.self))
        if !ends { put("\\ No newline at end of file") }
    }

    private mutating func put(_ line: @autoclosure () -> String) {
        count += 1
        if lines.count < LineDifference.mostShown { lines.append(line()) }
    }
}
