import CSystem
import Glibc

/// Renames a file or folder unless something has the new name.
///
/// The corresponding C function is `renameat2` with `RENAME_NOREPLACE`.
/// - Returns: 0, or the number of the error: `EINVAL` where the file system does not know the call.
package func renameNew(_ path: String, to target: String) -> CInt {
    unsafe bitlaw_rename_new(path, target) == 0 ? 0 : errno
}
