import Canon
import Glibc
import Packing
import System

/// Reading one copy of a blob, whatever stands there.
extension Store {
    /// Reads and verifies one copy; gives its pieces to `sink` before the verdict is known.
    ///
    /// - Returns: whether the copy is there and good. A damaged one is set aside, one that has the bytes of
    ///   a blob of another shard is put back there, and one that may not be read is noted.
    func read(
        _ digest: Digest, in layer: String, isOwn: Bool,
        sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        let path = Store.blobPath(layer, digest)
        do {
            guard let found = try unsafe digestOfFrame(at: path, sink) else { return false }
            if found == digest { return true }
            if isOwn, found.hex.dropFirst(2) == digest.hex.dropFirst(2) {
                try putBack(path, as: found)
            } else {
                try setAside(path, reason: "its bytes hash to \(found)", isOwn: isOwn)
            }
        } catch let error as ZstdError {
            try setAside(path, reason: error.reason, isOwn: isOwn)
        } catch let error as ClosedFile {
            note(Damage(path: path, reason: error.reason, outcome: .stays))
        }
        return false
    }

    /// The digest of what a frame holds; `nil` where nothing stands there.
    ///
    /// - Throws: ``ZstdError`` for what is no whole frame or cannot be read to its end, ``ClosedFile`` for
    ///   what may not be read, and what `sink` throws.
    func digestOfFrame(
        at path: String, _ sink: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> Digest? {
        guard let file = try openCopy(path) else { return nil }
        return try readers.lend { reader in
            try unsafe reader.digest(of: file, sink) { ZstdError(reason: $0.reason(at: path)) }
        }
    }

    /// Opens what stands in the place of a blob; `nil` where nothing does, or its shard is no folder.
    func openCopy(_ path: String) throws -> PlainFile? {
        do {
            return try PlainFile.open(path, followingLinks: false)
        } catch let error as OperationalError {
            switch error.code {
            case .malformed, .untrusted, .inputOutput:
                throw ZstdError(reason: error.reason(at: path))
            case .permission: throw ClosedFile(reason: error.reason(at: path))
            case .missing: return nil
            default: throw error
            }
        }
    }

    /// Gives a file of the store the name that its bytes have.
    func putBack(_ misplaced: String, as digest: Digest) throws {
        let target = Store.blobPath(path, digest)
        let reason = "its bytes are those of \(digest)"
        guard !isReadOnly else {
            return note(Damage(path: misplaced, reason: reason, outcome: .stays))
        }
        try makeFolder(ProjectFolder.folder(of: target))
        guard try place(misplaced, at: target, replacing: false) else {
            return try setAside(misplaced, reason: reason, isOwn: true)
        }
        note(Damage(path: misplaced, reason: reason, outcome: .putBack(target)))
    }

    /// Moves a damaged file of the store into `quarantine/` and notes it; one that cannot be moved is noted
    /// as well.
    func setAside(_ damaged: String, reason: String, isOwn: Bool) throws {
        guard isOwn && !isReadOnly else {
            return note(Damage(path: damaged, reason: reason, outcome: .stays))
        }
        try moveToQuarantine(damaged)
        note(Damage(path: damaged, reason: reason))
    }

    /// Moves something of the store into `quarantine/`, under a name that tells where it was.
    func moveToQuarantine(_ damaged: String) throws {
        try makeFolder("\(path)/quarantine")
        let inside =
            damaged.hasPrefix(path + "/") ? damaged.dropFirst(path.count + 1) : damaged[...]
        let parts = inside.split(separator: "/").suffix(3).joined(separator: "-")
        let name = parts.utf8.count <= 200 ? parts : "a-long-name"
        let target = "\(path)/quarantine/\(name)-\(randomName())"
        do {
            try place(damaged, at: target, replacing: true, doing: "set the damaged file aside")
        } catch let error as OperationalError where error.code == .missing {
            // Somebody else was faster.
        }
    }
}

/// Something of a store that this account may not read.
struct ClosedFile: Error {
    let reason: String
}

extension OperationalError {
    /// What was found at a path, without the path.
    func reason(at path: String) -> String {
        message.hasPrefix(path + ": ") ? String(message.dropFirst(path.count + 2)) : message
    }
}
