import Glibc
import Synchronization

/// A copy of the small settings of `/etc` that confined programs see, which stands for all of them in one
/// mount.
///
/// Each mount takes a tenth of a millisecond, and there is one sandbox for each program: what is small is
/// copied once instead. What is large, or cannot be read as it stands, is mounted by itself.
package struct SettingsCopy: Sendable {
    /// The folder that is seen as `/etc`.
    package let path: String
    /// What is mounted into it; something stands there to be mounted on.
    let apart: [String]

    /// The largest file that is copied, in bytes, and the most entries of a folder.
    private static let largest = 1 << 18
    private static let mostEntries = 16

    private static let made = Mutex<[String: SettingsCopy]>([:])

    /// The copy of this process in a folder, made when it is first asked for.
    ///
    /// - Throws: ``OperationalError`` where the folder cannot be written.
    package static func once(in folder: String) throws -> SettingsCopy {
        if let known = made.withLock({ $0[folder] }) { return known }
        let copy = try SettingsCopy(at: "\(folder)/etc-\(getpid())")
        made.withLock { $0[folder] = copy }
        return copy
    }

    private init(at path: String) throws {
        self.path = path
        try makeEmptyFolder(path)
        var apart: [String] = []
        for name in SystemView.settings {
            let source = "/etc/\(name)"
            let target = "\(path)/\(name)"
            var status = stat()
            guard unsafe stat(source, &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            do {
                if SettingsCopy.isSmall(source, status) {
                    try isFolder ? copyTree(source, to: target) : copyFile(source, to: target)
                    if !isFolder { _ = unsafe chmod(target, 0o444) }
                    continue
                }
            } catch {
                // What may not be read is mounted: then the program is told so.
                try? removeTree(target)
            }
            if isFolder {
                try makeFolder(target)
            } else {
                try writeWholeFile([], to: target, .none)
            }
            apart.append(name)
        }
        self.apart = apart
    }

    private static func isSmall(_ path: String, _ status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return status.st_mode & S_IFMT == S_IFREG && status.st_size <= largest
        }
        guard let folder = try? FolderHandle.open(path, followingLinks: true) else { return false }
        var isSmall = true
        var entries = 0
        do {
            try folder.walk { _, step in
                entries += 1
                isSmall =
                    isSmall && entries <= mostEntries && Int(step.status.st_size) <= largest
                return isSmall
            }
        } catch { return false }
        return isSmall
    }

    /// Bubblewrap's words for it.
    var words: [String] {
        ["--ro-bind", path, "/etc"] + SystemView.words(forSettings: apart)
    }
}
