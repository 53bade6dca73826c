import CSystem
import Glibc

/// Gives a file that is complete, or a folder, its name.
///
/// The only rename. With `replacing` the file takes the place of another one; without, whatever has the
/// name keeps it. A folder only ever takes the place of an empty one.
///
/// Without `replacing` the C function is `renameat2` with `RENAME_NOREPLACE`. NFS and others do not know
/// it; there `link` refuses to replace too, and where there are no links either, and for folders, a look
/// before the rename is the best there is.
///
/// - Returns: whether it has the name now; `false` where something else keeps it.
/// - Throws: ``OperationalError`` naming `target` and what was being done.
@discardableResult
package func place(
    _ draft: String, at target: String, replacing: Bool, doing: String = "write"
) throws -> Bool {
    if !replacing {
        if unsafe bitlaw_rename_new(draft, target) == 0 { return true }
        guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else {
            return try keepsName(target, doing)
        }
        if unsafe link(draft, target) == 0 {
            _ = unsafe unlink(draft)
            return true
        }
        guard [EPERM, EMLINK, EOPNOTSUPP, ENOSYS].contains(errno) else {
            return try keepsName(target, doing)
        }
        if unsafe access(target, F_OK) == 0 { return false }
    }
    return unsafe rename(draft, target) == 0 ? true : try keepsName(target, doing)
}

/// Tells that what has a name keeps it, where that is why a rename failed.
private func keepsName(_ target: String, _ doing: String) throws -> Bool {
    if errno == EEXIST || errno == ENOTEMPTY { return false }
    throw OperationalError.system(doing, target)
}
