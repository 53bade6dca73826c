package import Canon
package import LocalStore
import System

/// How a file that an action reads differs from the version that the last run read.
package enum FileChange: Sendable, Equatable {
    /// Two texts, and the lines that differ.
    case lines(LineDifference)
    /// Two folders, and what differs in them: the first few entries, and how many more.
    case entries([String], more: Int)
    /// One of the versions is no text.
    case binary
    /// One of the versions is larger than what is compared.
    case tooLarge
    /// One of the versions is not in the store.
    case unknown

    /// The largest text whose versions a store keeps and `why` compares, in bytes.
    package static let largest = 262_144

    /// Compares the versions of two digests; the newer one may also stand at `path`.
    package static func between(_ old: Digest, _ new: Digest, at path: String, store: Store) throws
        -> FileChange
    {
        if let size = sizeOfFile(path), size > largest { return .tooLarge }
        guard let before = try? store.bytes(of: old, limit: largest) else { return .unknown }
        var after = try? readWholeFile(path, limit: largest)
        if after.map({ Digest(of: $0.span) }) != new {
            after = try? store.bytes(of: new, limit: largest)
        }
        guard let after else { return .unknown }
        guard isText(before), isText(after) else { return .binary }
        return .lines(LineDifference(from: before, to: after))
    }

    /// Compares two versions of a folder.
    package init(from old: Tree, to new: Tree) {
        func byPath(_ tree: Tree) -> [ExactText: TreeEntry] {
            Dictionary(tree.entries.map { (ExactText($0.path), $0) }) { first, _ in first }
        }
        let (before, now) = (byPath(old), byPath(new))
        let paths = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted {
            $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
        let shown = paths.prefix(10).map { path in
            let verb = before[path] == nil ? "came" : now[path] == nil ? "went" : "changed"
            return "`\(visible(path.text))` \(verb)"
        }
        self = .entries(shown, more: paths.count - shown.count)
    }

    /// Whether bytes are text: valid UTF-8 without the character zero.
    static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    /// The change in a few words.
    package var summary: String {
        switch self {
        case .lines(let lines):
            "\(counted(lines.removed, "line")) removed, \(counted(lines.added, "line")) added"
        case .entries(let shown, let more):
            shown.joined(separator: ", ") + (more == 0 ? "" : ", and \(more) more")
        case .binary: "binary"
        case .tooLarge: "too large to compare: more than \(FileChange.largest) bytes"
        case .unknown: "the version of the last run is not in the store"
        }
    }

    /// The lines that differ, for people; nothing where they are not known.
    package var details: [String] {
        guard case .lines(let lines) = self else { return [] }
        let shown = lines.shown.map { line in
            let text = printable(line.replacing("\t", with: "    "))
            return text.count > 200 ? "\(text.prefix(200))…" : text
        }
        return lines.more == 0 ? shown : shown + ["… and \(counted(lines.more, "more line"))"]
    }
}
