package import Canon
import Glibc
package import System

extension Store {
    /// The digest of a file outside the store.
    ///
    /// The index remembers digests by device, inode, size and times to the nanosecond; a file that
    /// was changed within two seconds of being hashed is hashed again next time, because a later
    /// change could leave the same times.
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
        if let known = try index.digest(of: FileIdentity(opened.status)) {
            return (known, opened.size)
        }
        let (digest, size) = try opened.digest()
        if mayRemember(opened.status, size: size) {
            try index.remember([(FileIdentity(opened.status), digest)])
        }
        return (digest, size)
    }

    /// Whether a file that was hashed may be known again by what the system told of it before.
    func mayRemember(_ status: stat, size: Int) -> Bool {
        !isReadOnly && time(nil) - status.st_mtim.tv_sec > 2 && size == Int(status.st_size)
    }

    /// A digest that the index remembers under a name; `nil` where it does not.
    ///
    /// For what is costly to find and follows from the name alone. Whoever may write into the store may
    /// write the index, so nothing that is proved to others may be taken from it.
    package func remembered(_ name: String) throws -> Digest? { try index.digest(named: name) }

    /// Lets the index remember a digest; a store that may not be written remembers nothing.
    package func remember(_ digest: Digest, as name: String) throws {
        if isReadOnly { return }
        try index.remember(digest, as: name)
    }
}
