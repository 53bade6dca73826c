import CSystem
import Glibc

/// Copies a plain file to a path where nothing stands; without using space where the file system shares
/// blocks between files.
///
/// - Throws: ``OperationalError`` with the path.
package func copyFile(_ path: String, to target: String) throws {
    let source = try FileHandle.required(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let copy = try FileHandle.required(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    try copyBytes(source, to: copy, "copy \(path) to", target)
}

/// Copies all bytes of an open file into one that is empty; `doing` and `target` are for messages.
private func copyBytes(
    _ source: borrowing FileHandle, to copy: borrowing FileHandle, _ doing: String,
    _ target: String
) throws {
    if bitlaw_share_blocks(copy.descriptor, source.descriptor) == 0 { return }
    while true {
        let count = bitlaw_copy_range(source.descriptor, copy.descriptor, 1 << 30)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { throw OperationalError.system(doing, target) }
        if count == 0 { return }
    }
}

/// Copies a folder with all in it to a path where nothing stands: links as links, and of modes whether a file
/// may be executed.
///
/// - Throws: ``OperationalError`` with the path; for what is neither file, folder nor link too.
package func copyTree(_ path: String, to target: String) throws {
    try makeFolder(target)
    guard let source = try FolderHandle.open(path, followingLinks: true),
        let copy = try FolderHandle.open(target)
    else { throw OperationalError.system("read", path, ENOENT) }
    try source.walk { folder, step in
        let from = "\(path)/\(step.text)"
        guard let place = step.exactPath else { throw unfit(from, "a name in UTF-8") }
        switch step.status.st_mode & S_IFMT {
        case S_IFDIR: try copy.makeFolder(place)
        case S_IFREG:
            let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW
            guard let file = try FileHandle.open(step.entry, in: folder, flags, path: from) else {
                throw OperationalError.system("read", from, ENOENT)
            }
            let isProgram = step.status.st_mode & 0o111 != 0
            let made = try copy.makeFile(place, mode: isProgram ? 0o555 : 0o444)
            try copyBytes(file, to: made, "copy", from)
        case S_IFLNK:
            let link = folder.target(of: step.entry).flatMap {
                String(validating: $0, as: UTF8.self)
            }
            guard let link else { throw unfit(from, "a link to a path in UTF-8") }
            try copy.makeLink(place, to: link)
        default: throw unfit(from, "a file, a folder or a link")
        }
        return true
    }
}

/// The refusal of what stands in a folder and cannot be copied.
private func unfit(_ path: String, _ expected: String) -> OperationalError {
    OperationalError(
        code: .malformed, message: "\(path): expected \(expected)",
        remedy: "take it out of the folder")
}
