package import Canon
import Glibc
package import System

extension Store {
    /// The index; `nil` where there is none, and where it is larger than any that we write: it is only a
    /// memory.
    private func indexBytes() throws -> [UInt8]? {
        guard let size = sizeOfFile("\(path)/index"), size <= 64 << 20 else { return nil }
        return try readWholeFile("\(path)/index", limit: 64 << 20, followingLinks: false)
    }

    /// The digest of a file outside the store.
    ///
    /// The index remembers digests by device, inode, size and times to the nanosecond; a file that
    /// was changed within two seconds of being hashed is hashed again next time, because a later
    /// change could leave the same times. The index is only a memory: lines of it that do not
    /// parse are passed over, and losing it costs nothing but reading.
    ///
    /// With a `reach`, the file has to stand within it.
    /// - Throws: ``OperationalError`` with code `missing` or `permission`; `untrusted` beyond the reach.
    package func digest(ofExternalFile file: String, within reach: ProjectReach? = nil) throws
        -> (digest: Digest, size: Int)
    {
        let opened: PlainFile
        if let reach {
            opened = try reach.open(file)
        } else {
            opened = try PlainFile.required(file, remedy: "name a plain file")
        }
        let status = opened.status
        let identity = [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size),
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
            status.st_ctim.tv_nsec,
        ].map(String.init).joined(separator: " ")
        if let bytes = try indexBytes() {
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").reversed()
            where line.hasPrefix(identity + " ") {
                if let digest = try? Digest(hex: String(line.dropFirst(identity.count + 1))) {
                    return (digest, Int(status.st_size))
                }
            }
        }
        let (digest, size) = try opened.digest()
        if !isReadOnly, time(nil) - status.st_mtim.tv_sec > 2, size == Int(status.st_size) {
            try appendToIndex("\(identity) \(digest.hex)\n")
        }
        return (digest, size)
    }
}

extension Store {
    /// A digest that the index remembers under a name; `nil` where it does not.
    ///
    /// For what is costly to find and follows from the name alone. Whoever may write into the store may
    /// write the index, so nothing that is proved to others may be taken from it.
    package func remembered(_ name: String) throws -> Digest? {
        guard let bytes = try indexBytes() else { return nil }
        let lead = "= \(name) "
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").reversed()
        where line.hasPrefix(lead) {
            if let digest = try? Digest(hex: String(line.dropFirst(lead.count))) { return digest }
        }
        return nil
    }

    /// Lets the index remember a digest; a store that may not be written remembers nothing.
    package func remember(_ digest: Digest, as name: String) throws {
        if isReadOnly { return }
        try appendToIndex("= \(name) \(digest.hex)\n")
    }

    private func appendToIndex(_ line: String) throws {
        let index = "\(path)/index"
        let entry = try FileHandle.required(index, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
        entry.shareWithGroup(path: index)
        try unsafe Array(line.utf8).withUnsafeBytes { try unsafe entry.write($0, path: index) }
    }
}
