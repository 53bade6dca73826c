package import Canon
import System

/// What stands at one path of a tree.
package struct TreeEntry: Equatable, Sendable {
    /// What it is.
    package enum Content: Equatable, Sendable {
        /// A file: a blob of its own.
        case file(Digest, size: Int, isExecutable: Bool)
        /// A folder; what is in it has entries of its own.
        case folder
        /// A link to a place in the same tree, as it is written.
        case link(String)
    }

    /// The path from the tree's root, without a `/` at either end.
    package let path: String
    /// What it is.
    package let content: Content

    /// Names what stands at a path.
    package init(_ path: String, _ content: Content) {
        self.path = path
        self.content = content
    }

    /// Whether path and content have the same bytes.
    package static func == (left: TreeEntry, right: TreeEntry) -> Bool {
        guard left.path.isSameText(as: right.path) else { return false }
        switch (left.content, right.content) {
        case (.link(let one), .link(let other)): return one.isSameText(as: other)
        default: return left.content == right.content
        }
    }

    /// Why the entry can be in no tree, by itself; `nil` for one that can.
    var mistake: String? {
        if let mistake = TreePath.mistake(path) { return mistake }
        switch content {
        case .folder: return nil
        case .link(let target): return TreePath.mistake(target: target, ofLinkAt: path)
        case .file(_, let size, _):
            return size < 0 || size >= Tree.largestFile ? "a file of \(size) bytes" : nil
        }
    }
}
