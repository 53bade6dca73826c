package import Glibc

/// Something that a walk through a tree meets.
package struct WalkedEntry {
    /// Its name in its folder.
    package let entry: FolderEntry
    /// The bytes of its path, from the folder at which the walk began.
    package let path: [UInt8]
    /// What it is: of a link, the link itself.
    package let status: stat

    /// The path as a text, for people.
    package var text: String { String(decoding: path, as: UTF8.self) }

    /// The path as a text with the same bytes; `nil` where these are no text in UTF-8.
    package var exactPath: String? { String(validating: path, as: UTF8.self) }
}

/// A folder of a tree that may not be opened, by its path in the tree.
package struct ClosedFolder: Error {
    /// The path, from the folder at which the walk began.
    package let path: String
}

/// Going through trees: by descriptor, however deep they are.
extension FolderHandle {
    /// Visits all that is in the folder and in the folders in it.
    ///
    /// Each folder comes before what is in it. `visit` is told the open folder that something is in, and
    /// says of a folder whether to go into it. No link is followed. It opens three descriptors at most.
    ///
    /// - Throws: ``ClosedFolder``, ``OperationalError``, and what `visit` throws.
    package func walk(
        _ visit: (borrowing FolderHandle, WalkedEntry) throws -> Bool
    ) throws {
        guard var here = try reopened() else { return }
        var levels = [try WalkLevel(here, path: [])]
        while let level = levels.last {
            if let entry = levels[levels.count - 1].rest.popLast() {
                let found = try nameClosed(level.path) { try here.status(of: entry) }
                guard let status = found else { continue }
                let path =
                    level.path + (level.path.isEmpty ? [] : [UInt8(ascii: "/")]) + entry.bytes
                let step = WalkedEntry(entry: entry, path: path, status: status)
                guard try visit(here, step), status.kind == .folder,
                    let inner = try nameClosed(path, { try here.innerFolder(entry) })
                else { continue }
                levels.append(try WalkLevel(inner, path: path))
                here = inner
            } else {
                levels.removeLast()
                guard let above = levels.last else { return }
                // By "..", so that the way down needs no descriptors; somebody may have moved the folder.
                guard let outer = try here.outerFolder(), try above.isLevel(of: outer) else {
                    throw OperationalError(
                        code: .inUse,
                        message: "\(self.path)/\(String(decoding: level.path, as: UTF8.self)): "
                            + "somebody moved the folder while it was read",
                        remedy: "find out which program works there, then try again")
                }
                here = outer
            }
        }
    }
}

/// Looks into a folder of a tree, and names the one that may not be looked into.
private func nameClosed<Answer: ~Copyable>(
    _ path: [UInt8], _ look: () throws -> Answer
) throws -> Answer {
    do {
        return try look()
    } catch let error as OperationalError where error.code == .permission {
        throw ClosedFolder(path: String(decoding: path, as: UTF8.self))
    }
}

/// A folder on the way down a walk.
private struct WalkLevel {
    let path: [UInt8]
    /// What is not visited yet, the next one last.
    var rest: [FolderEntry]
    private let device: dev_t
    private let inode: ino_t

    init(_ folder: borrowing FolderHandle, path: [UInt8]) throws {
        let status = try folder.status()
        self.path = path
        rest = try folder.entries().reversed()
        (device, inode) = (status.st_dev, status.st_ino)
    }

    /// Whether an open folder is this one.
    func isLevel(of folder: borrowing FolderHandle) throws -> Bool {
        let status = try folder.status()
        return status.st_dev == device && status.st_ino == inode
    }
}
