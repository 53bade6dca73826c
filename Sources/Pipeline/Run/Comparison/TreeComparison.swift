package import Canon
package import Experiment
package import LocalStore
import System

/// How two folders differ: which files, and each file as what it is.
package struct TreeComparison {
    /// Reads a file of one of the two folders; `nil` where that cannot be done.
    package typealias Reader = (Digest) -> [UInt8]?

    private let formats: any OutputFormats
    private let tolerance: Tolerance?
    private let readers: (expected: Reader, found: Reader)
    /// The largest files that are compared by what they are.
    private static let largestCompared = 1 << 29

    /// Compares files by `formats`, whose bytes are given by digest.
    package init(
        formats: any OutputFormats, tolerance: Tolerance?, expected: @escaping Reader,
        found: @escaping Reader
    ) {
        self.formats = formats
        self.tolerance = tolerance
        readers = (expected, found)
    }

    /// Says how two folders differ.
    package func compare(_ expected: Tree, _ found: Tree) -> TypedComparison {
        let before = TreeComparison.byPath(expected)
        let now = TreeComparison.byPath(found)
        let paths = Set(before.keys).union(now.keys).sorted {
            $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
        let differing = paths.filter { before[$0] != now[$0] }
        var typed: [TypedComparison?] = []
        var said: [String] = []
        for path in differing {
            // Beyond these only their number is said, unless a tolerance has to hold for each.
            if said.count == 5 && tolerance == nil { break }
            let (text, comparison) = difference(at: path.text, before[path], now[path])
            typed.append(comparison)
            if said.count < 5 { said.append("`\(visible(path.text))`\(text)") }
        }
        let more = differing.count - said.count
        if more > 0 { said.append("and \(more) more") }
        let isTyped = typed.count == differing.count && typed.allSatisfy { $0 != nil }
        let all = typed.compactMap(\.self)
        return TypedComparison(
            format: "folder of \(counted(expected.fileCount, "file"))",
            text: "\(differing.count) of \(counted(paths.count, "entry", "entries")) differ: "
                + said.joined(separator: "; "),
            count: differing.count, total: paths.count,
            first: differing.first.map { visible($0.text) },
            largestUlp: isTyped ? TreeComparison.largest(all.map { $0.largestUlp }) : nil,
            largestRelative: isTyped ? TreeComparison.largest(all.map { $0.largestRelative }) : nil,
            isWithin: !differing.isEmpty && isTyped && all.allSatisfy { $0.isWithin })
    }

    private static func byPath(_ tree: Tree) -> [ExactText: TreeEntry] {
        Dictionary(tree.entries.map { (ExactText($0.path), $0) }) { first, _ in first }
    }

    private static func largest<Value: Comparable>(_ values: [Value?]) -> Value? {
        let known = values.compactMap(\.self)
        return known.count == values.count ? known.max() : nil
    }

    /// How what stands at a path differs, and as what it was compared.
    private func difference(
        at path: String, _ before: TreeEntry?, _ now: TreeEntry?
    ) -> (text: String, comparison: TypedComparison?) {
        guard let now else { return (" is not there now", nil) }
        guard let before else { return (" was not there before", nil) }
        guard case .file(let old, let oldSize, let wasExecutable) = before.content,
            case .file(let new, let newSize, let isExecutable) = now.content
        else {
            return (" was \(before.content.inWords), is \(now.content.inWords)", nil)
        }
        if old == new {
            return (isExecutable ? " is executable now" : " is not executable any more", nil)
        }
        guard max(oldSize, newSize) <= TreeComparison.largestCompared,
            let expected = readers.expected(old), let found = readers.found(new)
        else { return (" has other bytes", nil) }
        let name = ProjectFolder.name(of: path)
        let comparison = formats.compare(
            expected, found, fileName: name, tolerance: tolerance)
        return (": \(comparison.text)", wasExecutable == isExecutable ? comparison : nil)
    }
}

extension TreeEntry.Content {
    /// What it is, for people.
    fileprivate var inWords: String {
        switch self {
        case .file: "a file"
        case .folder: "a folder"
        case .link(let target): "a link to \(visible(target))"
        }
    }
}
