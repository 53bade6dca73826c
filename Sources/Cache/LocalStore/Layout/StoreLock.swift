import Glibc
import System

/// A lock that the kernel holds for this process and drops when it ends, however it ends.
///
/// Open-file-description locks (`fcntl` with `F_OFD_SETLK`): they exclude other processes and
/// other holders in this one, work over NFS, and are not inherited, for the file is closed on exec.
package final class StoreLock: Sendable {
    /// Whether others may hold the lock too.
    enum Kind { case shared, exclusive }

    private let descriptor: CInt

    private init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock on a file, made where it is missing, or on one byte of it that need not be
    /// there; `nil` when another holds it.
    ///
    /// A lock file may be removed by `gc` between opening and locking: then the name no longer
    /// means the locked file, and the attempt is repeated.
    static func take(_ path: String, kind: Kind, byte: Int? = nil) throws -> StoreLock? {
        let folder = ProjectFolder.folder(of: path)
        while true {
            let lock = StoreLock(descriptor: try openFile(path, in: folder))
            guard try lock.request(kind, byte: byte, path) else { return nil }
            if try lock.isNamed(path, in: folder) { return lock }
        }
    }

    /// Takes the lock on one byte of a file alone, once nobody else holds it.
    static func wait(_ path: String, byte: Int) throws -> StoreLock {
        let folder = ProjectFolder.folder(of: path)
        while true {
            let lock = StoreLock(descriptor: try openFile(path, in: folder))
            _ = try lock.request(.exclusive, byte: byte, path, waits: true)
            if try lock.isNamed(path, in: folder) { return lock }
        }
    }

    /// Whether somebody else holds the lock on a file alone; the file is neither made nor locked.
    static func isHeld(_ path: String) -> Bool {
        guard let file = try? FileHandle.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW) else {
            return false
        }
        var request = flock()
        request.l_type = Int16(F_RDLCK)
        request.l_whence = Int16(SEEK_SET)
        // F_OFD_GETLK is a macro of fcntl.h that does not reach Swift: 36 on Linux.
        return unsafe fcntl(file.descriptor, 36, &request) == 0 && request.l_type == Int16(F_WRLCK)
    }

    /// Lets others hold the lock too, at once and without a moment in which nobody holds it.
    func share(_ path: String) throws { _ = try request(.shared, byte: nil, path) }

    /// Asks the kernel for the lock, or waits for it; whether it is held now.
    private func request(
        _ kind: Kind, byte: Int?, _ path: String, waits: Bool = false
    ) throws -> Bool {
        var request = flock()
        request.l_type = Int16(kind == .shared ? F_RDLCK : F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        if let byte { (request.l_start, request.l_len) = (byte, 1) }
        // F_OFD_SETLK and F_OFD_SETLKW are macros of fcntl.h that do not reach Swift: 37 and 38 on Linux.
        while unsafe fcntl(descriptor, waits ? 38 : 37, &request) != 0 {
            if errno == EAGAIN || errno == EACCES { return false }
            if errno != EINTR { throw OperationalError.system("lock", path) }
        }
        return true
    }

    /// Opens a lock file, made where it is missing.
    private static func openFile(_ path: String, in folder: String) throws -> CInt {
        var patience = 50
        while true {
            // No link is followed: the file is made where it is missing, and opened to a group.
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            if descriptor >= 0 { return descriptor }
            let number = errno
            switch number {
            case EINTR: continue
            case ELOOP: throw OperationalError.link(path)
            case ENOENT: try makeFolder(folder)
            // Whoever makes the file opens it to the group a moment later.
            case EACCES where patience > 0 && isShared(folder):
                patience -= 1
                usleep(2000)
            default: throw OperationalError.system("lock", path, number)
            }
        }
    }

    /// Whether the path means the locked file still; opens it to the group of a shared folder.
    private func isNamed(_ path: String, in folder: String) throws -> Bool {
        var ours = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &ours) == 0 else {
            throw OperationalError.system("look at", path)
        }
        guard unsafe lstat(path, &named) == 0, named.st_ino == ours.st_ino,
            named.st_dev == ours.st_dev
        else { return false }
        // A lock is taken by all who share the store, whoever came first. It is empty and has
        // one name: a file of ours that somebody linked here stays as it is.
        if ours.st_mode & S_IWGRP == 0, ours.st_uid == geteuid(), ours.st_size == 0,
            ours.st_nlink == 1, isShared(folder)
        {
            _ = fchmod(descriptor, ours.st_mode & 0o777 | 0o60)
        }
        return true
    }
}
