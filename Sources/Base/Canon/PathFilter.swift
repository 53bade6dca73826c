/// What patterns leave out of a folder, as the lines of a `.gitignore` do.
///
/// The last pattern that means a path decides; one that begins with `!` takes the path in again. `.git` and
/// `__pycache__` are left out whatever the patterns say.
package struct PathFilter: Sendable {
    /// The patterns as they were written.
    package let texts: [String]
    private let rules: [Rule]

    /// The patterns that hold whatever was written.
    private let always: [PathPattern]

    /// Leaves nothing out at all.
    package static let nothing = PathFilter(texts: [], rules: [], always: [])

    private init(texts: [String], rules: [Rule], always: [PathPattern]) {
        self.texts = texts
        self.rules = rules
        self.always = always
    }

    /// Reads patterns.
    package init(_ texts: [String] = []) {
        self.texts = texts
        always = [".git", "__pycache__/"].compactMap { PathPattern($0) }
        rules = texts.compactMap { text in
            let isKept = text.utf8.first == UInt8(ascii: "!")
            return PathPattern(isKept ? String(text.dropFirst()) : text).map {
                Rule(pattern: $0, isKept: isKept)
            }
        }
    }

    /// Whether what stands at a path, as seen from the folder, is left out; what is above it was not.
    package func hides(_ path: String, isFolder: Bool) -> Bool {
        let names = PathPattern.names(path)
        if always.contains(where: { $0.matches(names, isFolder: isFolder) }) {
            return true
        }
        let rule = rules.last { $0.pattern.matches(names, isFolder: isFolder) }
        return rule.map { !$0.isKept } ?? false
    }

    /// Whether a file is left out, or a folder that it is in.
    package func hides(fileAt path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.indices.contains { end in
            hides(parts[...end].joined(separator: "/"), isFolder: end < parts.count - 1)
        }
    }

    /// A pattern, and whether it takes in what it means.
    private struct Rule: Sendable {
        let pattern: PathPattern
        let isKept: Bool
    }
}
