import Canon
import Experiment
import LocalStore
import System

/// A folder of the project that actions read as one thing, as a bundle names it: its files are in the bundle,
/// each at its place, and its tree says which they are.
struct BundledFolder {
    /// Its place in the bundle.
    let place: String
    /// What is left out of it, beside what always is.
    let without: [String]
    /// What it is.
    let tree: Tree

    /// The folders that the actions of a graph read.
    ///
    /// - Throws: ``OperationalError`` where one cannot be read, or has what no bundle carries.
    static func all(in graph: ActionGraph, store: Store) throws -> [BundledFolder] {
        var found: [BundledFolder] = []
        for source in Set(graph.actions.flatMap { $0.inputs.flatMap { $0.sources } }) {
            guard case .folder(let path, let without) = source,
                let folder = graph.folder(of: source)
            else { continue }
            let tree = try OperationalError.naming(folder) {
                try store.tree(of: folder, believingIndex: false).tree
            }
            if let mistake = mistake(in: tree) {
                throw OperationalError(
                    code: .malformed,
                    message: "\(folder.path): expected a folder of files, which a bundle carries, "
                        + "found \(mistake)",
                    remedy: "put a file there, or leave it out by `exclude`")
            }
            found.append(BundledFolder("experiment/\(path)", without: without, tree: tree))
        }
        return found.sorted { left, right in
            (left.place, left.without.joined(separator: "\n"))
                < (right.place, right.without.joined(separator: "\n"))
        }
    }

    private init(_ place: String, without: [String], tree: Tree) {
        self.place = place
        self.without = without
        self.tree = tree
    }

    /// What of a tree is no file of an archive; `nil` where all of it is.
    private static func mistake(in tree: Tree) -> String? {
        var full: Set<ExactText> = []
        for entry in tree.entries {
            if case .link(let target) = entry.content {
                return "the link `\(visible(entry.path))` to \(visible(target))"
            }
            guard let end = entry.path.utf8.lastIndex(of: UInt8(ascii: "/")) else { continue }
            full.insert(ExactText(String(entry.path[..<end])))
        }
        let empty = tree.entries.first { entry in
            guard case .folder = entry.content else { return false }
            return !full.contains(ExactText(entry.path))
        }
        return empty.map { "the empty folder `\(visible($0.path))`" }
    }

    /// The member of `bundle.json`.
    func json() throws -> JSON {
        let manifest = try JSON(parsing: tree.manifest)
        return [
            "path": .string(place), "without": .array(without.map { .string($0) }),
            "sha256": .string(tree.digest.hex), "tree": manifest,
        ]
    }

    /// Reads a member of `bundle.json`; `nil` where it is not what its digest says.
    init?(json: JSON) {
        guard let place = json["path"]?.text, let without = json["without"]?.elements,
            let manifest = json["tree"]?.canonical(), let tree = try? Tree(parsing: manifest),
            tree.digest.hex == json["sha256"]?.text
        else { return nil }
        self.init(place, without: without.compactMap { $0.text }, tree: tree)
    }

    /// The digests of its files.
    var files: [Digest] { tree.blobs.map { $0.digest } }

    /// The first fact in which it is not the folder that a bundle's files are; `nil` where there is none.
    ///
    /// `others` are files of the bundle that stand in the folder for another reason.
    func mistake(
        files: [String: Digest], executables: Set<String>, others: Set<String>
    ) -> String? {
        var said: Set<String> = []
        for entry in tree.entries {
            let path = "\(place)/\(entry.path)"
            switch entry.content {
            case .folder: continue
            case .link: return "\(printable(path)): expected a file, found a link"
            case .file(let digest, _, let isExecutable):
                said.insert(path)
                guard files[path] == digest else {
                    return "\(printable(path)): expected \(digest), found "
                        + (files[path]?.hex ?? "nothing")
                }
                guard executables.contains(path) == isExecutable else {
                    return "\(printable(path)): whether it is executable is said in two ways"
                }
            }
        }
        let filter = PathFilter(without)
        let lead = Array("\(place)/".utf8)
        let unsaid = files.keys.filter { path in
            guard path.utf8.starts(with: lead), !said.contains(path), !others.contains(path) else {
                return false
            }
            return !filter.hides(
                fileAt: String(decoding: path.utf8.dropFirst(lead.count), as: UTF8.self))
        }.min()
        return unsaid.map { "\(printable($0)): is in the folder, and not in its tree" }
    }

    /// Whether a source is this folder.
    func isSource(_ path: String, without: [String]) -> Bool {
        place.isSameText(as: "experiment/\(path)")
            && self.without.map { ExactText($0) } == without.map { ExactText($0) }
    }
}
