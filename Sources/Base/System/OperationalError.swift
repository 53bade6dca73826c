import Glibc

/// A failure outside the program that a person can act on: of a file, a disk, a process, a store, a remote.
package struct OperationalError: Error, Equatable, CustomStringConvertible {
    /// What a caller may branch on; the text is for people and may change.
    package enum Code: String, Sendable {
        case corrupt, diskFull, readOnly, permission, missing, newerFormat, notAStore, malformed
        case inUse, inputOutput, remote, untrusted
    }

    /// The kind of failure.
    package let code: Code
    /// What was expected, what was found, and where.
    package let message: String
    /// The next step, as a command where there is one.
    package let remedy: String

    /// Names a failure.
    package init(code: Code, message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The failure and its remedy, as the command line prints them.
    package var description: String { "\(message)\n  fix: \(remedy)" }

    /// A link where a file or folder of a store should be: whoever may write there could lead us
    /// anywhere with it.
    package static func link(_ path: String) -> OperationalError {
        OperationalError(
            code: .untrusted, message: "\(path): expected a file of the store, found a link",
            remedy: "somebody put it there; do not use this store before its owner looked at it")
    }

    /// The failure of a system call on a path, from `errno`.
    package static func system(_ doing: String, _ path: String, _ number: CInt = errno)
        -> OperationalError
    {
        let reason = unsafe String(cString: strerror(number))
        let message = "\(path): cannot \(doing): \(reason)"
        switch number {
        case ENOSPC, EDQUOT:
            return OperationalError(
                code: .diskFull, message: message,
                remedy: "free space there (bitlaw gc), or choose another store with --store; "
                    + "everything that finished is kept")
        case EROFS:
            return OperationalError(
                code: .readOnly, message: message,
                remedy: "choose a writable store with --store, and read this one with --also")
        case EACCES, EPERM:
            return OperationalError(
                code: .permission, message: message,
                remedy: "ask its owner for write permission, or choose another store with --store "
                    + "and read this one with --also")
        case ENOENT, ENOTDIR:
            return OperationalError(
                code: .missing, message: message,
                remedy: "check the path, and that its file system is mounted")
        case ENOLCK, ENOSYS, EOPNOTSUPP:
            return OperationalError(
                code: .inputOutput, message: message,
                remedy:
                    "its file system may have no such thing (for locks: an NFS server without its lock "
                    + "service, Lustre without `flock`): ask who mounts it, or choose a store elsewhere"
            )
        default:
            return OperationalError(
                code: .inputOutput, message: message,
                remedy: "check the disk; bitlaw verify tells what is damaged")
        }
    }
}
