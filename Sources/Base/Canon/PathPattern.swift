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
        if isForFolders && !isFolder { return false }
        let names = Array(path.utf8).split(separator: UInt8(ascii: "/")).map(Array.init)
        return matches(names)
    }

    private static let anyFolders = Array("**".utf8)

    /// Goes back to the last `**` alone where a name does not match: what is before it stays matched.
    private func matches(_ names: [[UInt8]]) -> Bool {
        var (part, name) = (0, 0)
        var back: (part: Int, name: Int)?
        while name < names.count {
            if part < parts.count, parts[part] == PathPattern.anyFolders {
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
        // `lib/**` means what is in it, and `**/x` the folder `x` at any depth.
        while part < parts.count, parts[part] == PathPattern.anyFolders, part > 0 { part += 1 }
        return part == parts.count
    }

    private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
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
            guard let end = pattern[(p + 1)...].dropFirst().firstIndex(of: UInt8(ascii: "]")) else {
                return name[n] == pattern[p] ? (p + 1, n + 1) : nil
            }
            return set(pattern[(p + 1)..<end], has: name[n]) ? (end + 1, n + 1) : nil
        case UInt8(ascii: "\\") where p + 1 < pattern.count:
            return name[n] == pattern[p + 1] ? (p + 2, n + 1) : nil
        default: return name[n] == pattern[p] ? (p + 1, n + 1) : nil
        }
    }

    private static func set(_ members: ArraySlice<UInt8>, has byte: UInt8) -> Bool {
        var rest = members
        let isNot = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNot { rest = rest.dropFirst() }
        var isMember = false
        while let first = rest.first {
            let isRange = rest.count > 2 && rest[rest.startIndex + 1] == UInt8(ascii: "-")
            let last = isRange ? rest[rest.startIndex + 2] : first
            if first <= byte && byte <= last { isMember = true }
            rest = rest.dropFirst(isRange ? 3 : 1)
        }
        return isMember != isNot
    }

    /// How many bytes the character at a place has.
    private static func length(_ name: [UInt8], _ at: Int) -> Int {
        var count = 1
        while at + count < name.count, name[at + count] & 0xc0 == 0x80 { count += 1 }
        return count
    }
}
