package import Canon
import Glibc
import System
package import Trust

/// A folder in which the program of an action keeps checkpoints between its attempts.
package struct CheckpointFolder: Sendable {
    /// The folder.
    package let path: String
    /// Whether an attempt before left something in it.
    package let isResumed: Bool
    /// Why what stood there was set aside, where that had to be.
    package let refusal: String?
}

/// Folders of checkpoints: `checkpoints/KEY-ACCOUNT`, with a code of the account in
/// `checkpoints/KEY-ACCOUNT.mark`.
///
/// The code is over what the folder is, and not over what is in it: a program that is killed leaves no
/// moment to hash it. So it proves that this account made this folder here for this action; one that
/// came from elsewhere, by `git clone`, `tar` or `cp`, is another folder. Nobody but the account may
/// enter it.
extension Store {
    private func folderPath(_ key: Digest) -> String {
        "\(path)/checkpoints/\(key.hex)-\(geteuid())"
    }

    /// The folder of an action, made where there is none; one that the account did not make here is set
    /// aside.
    ///
    /// - Throws: ``OperationalError`` where it cannot be made or looked at.
    package func checkpointFolder(for action: Digest, by key: StateKey) throws -> CheckpointFolder {
        try requireWritable()
        try makeFolder("\(path)/checkpoints")
        let folder = folderPath(action)
        let refusal = refusal(of: folder, key)
        if let refusal {
            try setAside(folder, reason: refusal, isOwn: true)
            _ = unsafe unlink(mark(of: folder))
        }
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw OperationalError.system("make the folder", folder)
        }
        guard let handle = try FolderHandle.open(folder) else {
            throw OperationalError.system("open", folder, ENOENT)
        }
        let isResumed = try !handle.entries().isEmpty
        if !isResumed {
            let code = key.code(ofFolder: try handle.identity())
            try writeWholeFile(
                Array("\(code.hex)\n".utf8), to: mark(of: folder), .durable,
                drafts: "\(path)/tmp")
        }
        return CheckpointFolder(path: folder, isResumed: isResumed, refusal: refusal)
    }

    /// Whether the folder of an action has something in it.
    package func hasCheckpoints(for action: Digest) -> Bool {
        (try? namesInFolder(folderPath(action)).isEmpty) == false
    }

    /// Whether a name in `checkpoints/` is that of a folder, or of what stands beside one.
    func isCheckpointFolder(named name: String) -> Bool {
        let parts = name.split(separator: "-", maxSplits: 1)
        return parts.count == 2 && (try? Digest(hex: String(parts[0]))) != nil
            && UInt32(parts[1].split(separator: ".")[0]) != nil
            && (parts[1].allSatisfy { $0.isNumber } || parts[1].hasSuffix(".mark"))
    }

    /// Removes the folder of an action that is done.
    package func removeCheckpointFolder(for action: Digest) {
        let folder = folderPath(action)
        // What cannot be removed is set aside, or removed by `gc`, later.
        guard unsafe unlink(mark(of: folder)) == 0 else { return }
        try? removeTree(folder)
    }

    private func mark(of folder: String) -> String { "\(folder).mark" }

    /// Why nobody may go on from what stands in the place of a folder; `nil` where there is nothing, or
    /// no reason.
    private func refusal(of folder: String, _ key: StateKey) -> String? {
        do {
            guard let handle = try FolderHandle.open(folder) else { return nil }
            let status = try handle.status()
            guard status.st_uid == geteuid(), status.st_mode & 0o77 == 0 else {
                return "others than this account may enter it"
            }
            // Nothing in it, nothing to be misled by.
            if try handle.entries().isEmpty { return nil }
            let line = try readWholeFile(mark(of: folder), limit: 256, followingLinks: false)
            let text = String(decoding: (line ?? []).prefix { $0 != 10 }, as: UTF8.self)
            guard let code = AuthenticationCode(hex: text) else {
                return "it has no code of an account"
            }
            return code == key.code(ofFolder: try handle.identity())
                ? nil : "its code is not of this folder and this account"
        } catch let error as OperationalError {
            return error.reason(at: folder)
        } catch {
            return "\(error)"
        }
    }
}
