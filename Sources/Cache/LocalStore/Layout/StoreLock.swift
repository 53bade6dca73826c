package import Canon
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
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var patience = 50
        while true {
            // No link is followed: the file is made where it is missing, and opened to a group.
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else {
                if errno == EINTR { continue }
                let number = errno
                if number == ELOOP { throw OperationalError.link(path) }
                if number == ENOENT {
                    try makeFolder(folder)
                    continue
                }
                // Whoever makes the file opens it to the group a moment later.
                if number == EACCES && patience > 0 && isShared(folder) {
                    patience -= 1
                    usleep(2000)
                    continue
                }
                throw OperationalError.system("lock", path, number)
            }
            let lock = StoreLock(descriptor: descriptor)
            var request = flock()
            request.l_type = Int16(kind == .shared ? F_RDLCK : F_WRLCK)
            request.l_whence = Int16(SEEK_SET)
            if let byte { (request.l_start, request.l_len) = (byte, 1) }
            // F_OFD_SETLK is a macro of fcntl.h that does not reach Swift: 37 on Linux.
            let status = unsafe fcntl(descriptor, 37, &request)
            if status != 0 {
                if errno == EAGAIN || errno == EACCES { return nil }
                throw OperationalError.system("lock", path)
            }
            var ours = stat()
            var named = stat()
            guard unsafe fstat(descriptor, &ours) == 0 else {
                throw OperationalError.system("look at", path)
            }
            if unsafe lstat(path, &named) == 0, named.st_ino == ours.st_ino,
                named.st_dev == ours.st_dev
            {
                // A lock is taken by all who share the store, whoever came first. It is empty and has
                // one name: a file of ours that somebody linked here stays as it is.
                if ours.st_mode & S_IWGRP == 0, ours.st_uid == geteuid(), ours.st_size == 0,
                    ours.st_nlink == 1, isShared(folder)
                {
                    _ = fchmod(descriptor, ours.st_mode & 0o777 | 0o60)
                }
                return lock
            }
        }
    }
}

extension Store {
    /// Takes the single-flight lock of an action; `nil` while another process works on it.
    ///
    /// One file serves all actions: each locks the byte that the first 62 bits of its key name.
    package func tryLock(_ key: Digest) throws -> StoreLock? {
        try requireWritable()
        return try StoreLock.take(
            "\(path)/locks/actions.lock", kind: .exclusive, byte: Int(key.words[0] >> 2))
    }
}

/// A folder for the attempts of one worker, one after the other; a held lock tells that its maker
/// lives.
package final class AttemptFolder: Sendable {
    /// The folder.
    package let path: String
    private let lock: StoreLock

    init(path: String, lock: StoreLock) {
        self.path = path
        self.lock = lock
    }

    /// Removes what an attempt left, for the next one: its restored inputs and all in its working
    /// folder, which stays (an inode less to make for each action).
    package func clear() {
        // What cannot be removed now is removed, or found, when the next attempt begins.
        try? makeEmptyFolder("\(path)/work")
        try? removeTree("\(path)/in")
    }

    /// Removes the folder and all in it.
    package func remove() {
        // What cannot be removed now is found stale, and removed, by a later command.
        try? removeTree(path)
        _ = unsafe unlink(path + ".lock")
    }
}

extension Store {
    /// Makes a folder for the attempts of one worker.
    package func makeAttemptFolder() throws -> AttemptFolder {
        try requireWritable()
        while true {
            let folder = "\(path)/tmp/attempt-\(randomName())"
            // Who opens the store at this moment may find the lock file before we hold it, and
            // remove it as stale: then this name is theirs, and we take another.
            guard let lock = try StoreLock.take(folder + ".lock", kind: .exclusive) else {
                continue
            }
            try makeFolder(folder)
            return AttemptFolder(path: folder, lock: lock)
        }
    }

    /// Removes attempt folders whose maker is gone, and drafts that nobody will rename.
    ///
    /// A draft is only removed under the exclusive lock of `gc`; here go the folders alone.
    func removeStaleAttempts() throws {
        for name in try namesInFolder("\(path)/tmp")
        where name.hasPrefix("attempt-") && name.hasSuffix(".lock") {
            let lockPath = "\(path)/tmp/\(name)"
            guard let lock = try? StoreLock.take(lockPath, kind: .exclusive) else { continue }
            // What only another account of the group may remove keeps its lock, by which they find it.
            if (try? removeTree(String(lockPath.dropLast(5)))) != nil {
                _ = unsafe unlink(lockPath)
            }
            withExtendedLifetime(lock) {}
        }
    }
}
