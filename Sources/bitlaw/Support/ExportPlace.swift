import Canon
import Glibc
import LocalStore
import System

/// What stands where an export writes something.
enum ExportPlace {
    case nothing
    case file(Digest, isExecutable: Bool)
    case folder
    case link(to: String)
    case other

    /// Looks at a path; files are read.
    init(_ path: String) throws {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            self = .nothing
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let isExecutable = status.st_mode & S_IXUSR != 0
            self = .file(try Digest(ofFileAt: path), isExecutable: isExecutable)
        case S_IFLNK: self = .link(to: linkTarget(path) ?? "")
        case S_IFDIR: self = .folder
        default: self = .other
        }
    }

    /// Whether it is already what is to be there.
    func isAlready(_ content: TreeEntry.Content, of item: ExportItem) -> Bool {
        switch (self, content) {
        case (.file(let found, let isExecutable), .file(let digest, _, let shouldBe)):
            // The mode of a single file is its reader's own.
            found == digest && (!item.isTree || isExecutable == shouldBe)
        case (.folder, .folder): true
        case (.link(let found), .link(let target)): found.isSameText(as: target)
        default: false
        }
    }

    /// Whether an export of the store may have made it so.
    func isNoted(_ digests: [Digest]) -> Bool {
        switch self {
        case .file(let digest, _): digests.contains(digest)
        case .link(let target): digests.contains(Digest(of: Array(target.utf8).span))
        default: false
        }
    }

    /// What it is, in words.
    var inWords: String {
        switch self {
        case .nothing: "nothing"
        case .file: "a file"
        case .folder: "a folder"
        case .link: "a link"
        case .other: "no plain file"
        }
    }
}
