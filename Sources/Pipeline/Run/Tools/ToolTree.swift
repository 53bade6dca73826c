import Canon
import Glibc
import System

/// The files of a folder and of all the folders in it, for what is hashed as one tool.
struct ToolTree {
    /// A file, or a link that stays within the folder.
    struct File {
        /// Its path below the folder.
        let name: String
        /// Its whole path.
        let path: String
        /// Where the link leads, as seen from its own folder; `nil` for a file.
        let link: String?

        /// The last part of its name.
        var last: Substring { name.split(separator: "/").last ?? "" }

        /// Whether its owner may execute it.
        var isExecutable: Bool {
            var status = stat()
            return unsafe stat(path, &status) == 0 && status.st_mode & S_IXUSR != 0
        }
    }

    /// What was found.
    private(set) var files: [File] = []
    /// What links lead to outside the folder and the system, with every link followed.
    private(set) var outside: [String] = []
    private let root: String
    private let real: String

    /// Lists a folder.
    ///
    /// What compilers and version control leave beside sources is no part of it, nor is what `leavesOut`, by
    /// its path below the folder and by whether it is a link.
    ///
    /// - Throws: ``OperationalError`` where a folder cannot be read, or a name is no text.
    init(
        _ root: String,
        leavingOut leavesOut: (_ name: String, _ isLink: Bool) -> Bool = { _, _ in false }
    ) throws {
        self.root = root
        real = ProjectFolder.real(root)
        var waiting = [(path: root, name: "")]
        var seen: Set<ExactText> = [ExactText(real)]
        while let (path, prefix) = waiting.popLast() {
            guard let folder = try FolderHandle.open(path, followingLinks: true) else { continue }
            for entry in try folder.entries() {
                let last = try text(of: entry, in: folder)
                let (name, place) = (prefix + last, "\(path)/\(last)")
                if ToolTree.isByProduct(last) || leavesOut(name, entry.kind == .link) { continue }
                switch entry.kind {
                case .folder: waiting.append((place, name + "/"))
                case .other: files.append(File(name: name, path: place, link: nil))
                case .link:
                    if let inner = innerTarget(of: place) {
                        files.append(File(name: name, path: place, link: inner))
                        continue
                    }
                    let target = ProjectFolder.real(place)
                    if !SystemView.shows(target) { outside.append(target) }
                    if !ProjectFolder.isFolder(target) {
                        files.append(File(name: name, path: place, link: nil))
                    } else if seen.insert(ExactText(target)).inserted {
                        waiting.append((place, name + "/"))
                    }
                }
            }
        }
    }

    /// The most places outside that are shown one by one.
    private static let mostMounts = 32

    /// Shows what links lead to outside, each at its own place; many that stand in one folder by that folder.
    var mounts: [SandboxMount] {
        var places = ToolSource.distinct(outside)
        while places.count > ToolTree.mostMounts {
            let longest = places.map { $0.utf8.count { $0 == UInt8(ascii: "/") } }.max() ?? 0
            let shorter = places.map { place in
                let depth = place.utf8.count { $0 == UInt8(ascii: "/") }
                return depth == longest && depth > 3 ? ProjectFolder.folder(of: place) : place
            }
            if shorter == places { break }
            places = ToolSource.distinct(shorter)
        }
        return places.map { SandboxMount($0) }
    }

    /// Names of what is made anew from the rest, or belongs to version control.
    static func isByProduct(_ last: String) -> Bool {
        ["__pycache__", ".git", ".hg", ".svn", ".DS_Store"].contains(last)
            || last.hasSuffix(".pyc") || last.hasSuffix(".pyo")
    }

    /// Where a link leads that stays within the folder, or leads to nothing; `nil` where it leads outside.
    ///
    /// An absolute target is told from the folder, so that it is the same wherever the folder stands.
    private func innerTarget(of path: String) -> String? {
        guard let target = linkTarget(path) else { return nil }
        for base in [root, real] where target.hasPrefix(base + "/") {
            return "/" + target.dropFirst(base.count + 1)
        }
        if unsafe access(path, F_OK) != 0 { return target }
        return ProjectReach.contains(real, ProjectFolder.real(path)) ? target : nil
    }

    /// A name as a text.
    private func text(of entry: FolderEntry, in folder: borrowing FolderHandle) throws -> String {
        let text = entry.text
        if text.unicodeScalars.contains("\u{FFFD}"),
            try folder.status(of: FolderEntry(text)) == nil
        {
            throw OperationalError(
                code: .malformed,
                message: "\(folder.path): expected names in UTF-8, found \(visible(text))",
                remedy: "rename it, or name a smaller folder as the tool")
        }
        return text
    }
}
