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
