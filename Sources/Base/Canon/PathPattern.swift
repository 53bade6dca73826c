/// A pattern for paths as `.gitignore` has them: `*`, `?` and `[a-z]` within a name, `**` for any folders
/// between.
///
/// A pattern without a `/` holds at any depth; one with a `/` is seen from the top. A `/` at its end asks for
/// a folder. Names compare by their bytes.
///
/// ```swift
/// PathPattern("*.pyc")?.matches("lib/a.pyc", isFolder: false)  // true
/// ```
package struct PathPattern: Sendable {
    private let parts: [[UInt8]]
    private let isForFolders: Bool

    /// Reads a pattern; `nil` for an empty one.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)
        isForFolders = bytes.last == UInt8(ascii: "/")
        if isForFolders { bytes.removeLast() }
        var parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Array.init)
        guard !bytes.isEmpty else { return nil }
        if parts.count == 1 {
            parts.insert(PathPattern.anyFolders, at: 0)
        } else if parts[0].isEmpty {
            parts.removeFirst()
        }
        self.parts = parts
    }

    /// Whether a text has a character that only a pattern gives a meaning.
    package static func isNeeded(_ text: String) -> Bool {
        text.utf8.contains { "*?[".utf8.contains($0) }
    }

    /// Whether a path, as seen from the top, is one that the pattern means.
    ///
    /// - Complexity: the product of the lengths at most.
    package func matches(_ path: String, isFolder: Bool) -> Bool {
        matches(PathPattern.names(path), isFolder: isFolder)
    }

    /// The names of a path.
    static func names(_ path: String) -> [ArraySlice<UInt8>] {
        Array(path.utf8).split(separator: UInt8(ascii: "/"))
    }

    /// The same of a path that was taken apart.
    func matches(_ names: [ArraySlice<UInt8>], isFolder: Bool) -> Bool {
        if isForFolders && !isFolder { return false }
        return matches(names)
    }

    private static let anyFolders = Array("**".utf8)

    /// Goes back to the last `**` alone where a name does not match: what is before it stays matched.
    private func matches(_ names: [ArraySlice<UInt8>]) -> Bool {
        var (part, name) = (0, 0)
        var back: (part: Int, name: Int)?
        while name < names.count {
            if part < parts.count, parts[part] == PathPattern.anyFolders {
                // `lib/**` means all that is in it, and not the folder itself.
                if part == parts.count - 1 { return true }
                back = (part, name)
                part += 1
            } else if part < parts.count, PathPattern.matches(parts[part], names[name]) {
                part += 1
                name += 1
            } else if let (star, start) = back {
                (part, name) = (star + 1, start + 1)
                back = (star, start + 1)
            } else {
                return false
            }
        }
        return part == parts.count
    }

    private static func matches(_ pattern: [UInt8], _ slice: ArraySlice<UInt8>) -> Bool {
        let name = Array(slice)
        var (p, n) = (0, 0)
        var back: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                back = (p, n)
                p += 1
            } else if p < pattern.count, let (nextP, nextN) = step(pattern, p, name, n) {
                (p, n) = (nextP, nextN)
            } else if let (star, start) = back {
                let next = start + length(name, start)
                (p, n) = (star + 1, next)
                back = (star, next)
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.count
    }

    /// The places behind one element of the pattern and what it stands for; `nil` where it does not match.
    private static func step(_ pattern: [UInt8], _ p: Int, _ name: [UInt8], _ n: Int) -> (
        Int, Int
    )? {
        switch pattern[p] {
        case UInt8(ascii: "?"): return (p + 1, n + length(name, n))
        case UInt8(ascii: "["):
            // One that nothing closes stands for nothing, as git has it.
            guard let set = ByteSet(pattern, at: p), set.contains(name[n]) else { return nil }
            return (set.end, n + 1)
        case UInt8(ascii: "\\"):
            guard p + 1 < pattern.count, name[n] == pattern[p + 1] else { return nil }
            return (p + 2, n + 1)
        default: return name[n] == pattern[p] ? (p + 1, n + 1) : nil
        }
    }

    /// How many bytes the character at a place has.
    private static func length(_ name: [UInt8], _ at: Int) -> Int {
        var count = 1
        while at + count < name.count, name[at + count] & 0xc0 == 0x80 { count += 1 }
        return count
    }
}

/// The bytes that brackets in a pattern stand for: `[a-z_]`, `[!0-9]`, `[[:alpha:]]`.
private struct ByteSet {
    private var members: Set<UInt8> = []
    private let isNot: Bool
    /// The place behind it.
    let end: Int

    /// Reads what stands at a place of a pattern; `nil` where no bracket closes it.
    init?(_ pattern: [UInt8], at start: Int) {
        var at = start + 1
        let isNot = at < pattern.count && "!^".utf8.contains(pattern[at])
        if isNot { at += 1 }
        let first = at
        // A bracket that closes nothing yet is a member.
        while at < pattern.count, at == first || pattern[at] != UInt8(ascii: "]") {
            if let (name, next) = ByteSet.className(pattern, at) {
                guard let bytes = ByteSet.bytes(ofClass: name) else { return nil }
                members.formUnion(bytes)
                at = next
                continue
            }
            guard let (low, next) = ByteSet.member(pattern, at) else { return nil }
            at = next
            guard at + 1 < pattern.count, pattern[at] == UInt8(ascii: "-"),
                pattern[at + 1] != UInt8(ascii: "]")
            else {
                members.insert(low)
                continue
            }
            guard let (high, after) = ByteSet.member(pattern, at + 1) else { return nil }
            if low <= high { members.formUnion(low...high) }
            at = after
        }
        guard at < pattern.count else { return nil }
        self.isNot = isNot
        end = at + 1
    }

    func contains(_ byte: UInt8) -> Bool { members.contains(byte) != isNot }

    /// One byte, with the place behind it; a backslash lets the next byte stand for itself.
    private static func member(_ pattern: [UInt8], _ at: Int) -> (UInt8, Int)? {
        guard pattern[at] == UInt8(ascii: "\\") else { return (pattern[at], at + 1) }
        return at + 1 < pattern.count ? (pattern[at + 1], at + 2) : nil
    }

    private static func className(_ pattern: [UInt8], _ at: Int) -> (String, Int)? {
        guard pattern[at...].starts(with: "[:".utf8),
            let close = pattern[(at + 2)...].firstIndex(of: UInt8(ascii: "]")),
            close > at + 2, pattern[close - 1] == UInt8(ascii: ":")
        else { return nil }
        return (String(decoding: pattern[(at + 2)..<(close - 1)], as: UTF8.self), close + 1)
    }

    private static func bytes(ofClass name: String) -> [UInt8]? {
        let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
        let small = Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
        let large = Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        let signs = (0x21...0x7e).map { UInt8($0) }
        switch name {
        case "alpha": return small + large
        case "digit": return digits
        case "alnum": return small + large + digits
        case "lower": return small
        case "upper": return large
        case "xdigit": return digits + Array("abcdefABCDEF".utf8)
        case "punct": return signs.filter { !(small + large + digits).contains($0) }
        case "graph": return signs
        case "print": return signs + [0x20]
        case "blank": return [0x20, 0x09]
        case "space": return [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]
        case "cntrl": return Array(0...0x1f) + [0x7f]
        default: return nil
        }
    }
}
