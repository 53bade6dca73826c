import CSystem
import Glibc

/// Copies a plain file to a path where nothing stands; without using space where the file system shares
/// blocks between files.
///
/// - Throws: ``OperationalError`` with the path.
package func copyFile(_ path: String, to target: String) throws {
    let source = try FileHandle.required(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let copy = try FileHandle.required(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    if bitlaw_share_blocks(copy.descriptor, source.descriptor) == 0 { return }
    while true {
        let count = bitlaw_copy_range(source.descriptor, copy.descriptor, 1 << 30)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { throw OperationalError.system("copy \(path) to", target) }
        if count == 0 { return }
    }
}

/// Copies a folder with all in it to a path where nothing stands: links as links, and of modes whether a file
/// may be executed.
///
/// - Throws: ``OperationalError`` with the path; for what is neither file, folder nor link too.
package func copyTree(_ path: String, to target: String) throws {
    var folders = [""]
    try makeFolder(target)
    while let inner = folders.popLast() {
        for name in try namesInFolder("\(path)/\(inner)") {
            let (from, to) = ("\(path)/\(inner)\(name)", "\(target)/\(inner)\(name)")
            var status = stat()
            guard unsafe lstat(from, &status) == 0 else {
                throw OperationalError.system("read", from)
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                try makeFolder(to)
                folders.append("\(inner)\(name)/")
            case S_IFREG:
                try copyFile(from, to: to)
                _ = unsafe chmod(to, status.st_mode & 0o111 == 0 ? 0o444 : 0o555)
            case S_IFLNK:
                guard let link = linkTarget(from), unsafe symlink(link, to) == 0 else {
                    throw OperationalError.system("make", to)
                }
            default:
                throw OperationalError(
                    code: .malformed, message: "\(from): expected a file, a folder or a link",
                    remedy: "take it out of the folder")
            }
        }
    }
}
