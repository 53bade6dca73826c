package import Canon
import System

extension Store {
    /// Takes the single-flight lock of an action; `nil` while another process works on it.
    ///
    /// One file serves all actions: each locks the byte that the first 62 bits of its key name. A store with
    /// leases asks for one too.
    package func tryLock(_ key: Digest) throws -> ActionLock? {
        try tryLock("actions", key.words[0], named: key.hex)
    }

    /// Takes the lock of who leads a run on a cluster; `nil` while another process does.
    ///
    /// - Throws: ``OperationalError``.
    package func tryLeading(_ run: String) throws -> ActionLock? {
        let digest = Digest(of: Array(run.utf8).span)
        return try tryLock("cluster", digest.words[0], named: "run-\(digest.hex)")
    }

    private func tryLock(_ file: String, _ word: UInt64, named name: String) throws -> ActionLock? {
        try requireWritable()
        guard
            let lock = try StoreLock.take(
                "\(path)/locks/\(file).lock", kind: .exclusive, byte: Int(word >> 2))
        else { return nil }
        guard let leases else { return ActionLock(lock, nil) }
        return try leases.take(name).map { ActionLock(lock, $0) }
    }

    /// Whether leases are asked for beside locks: for a file system whose locks do not reach all hosts.
    package var usesLeases: Bool { leases != nil }

    /// Has all who open the store from now on ask for leases beside locks, or locks alone.
    ///
    /// - Throws: ``OperationalError``; `inUse` where leases are there, which somebody may hold.
    package func setLeases(_ isOn: Bool) throws {
        try requireWritable()
        let folder = "\(path)/\(StoreLayout.leases)"
        if isOn { return try makeFolder(folder) }
        try requireNoLease()
        try removeTree(folder)
    }

    /// Refuses where somebody may hold a lease: nobody's lock tells of other hosts.
    func requireNoLease() throws {
        guard let leases, let name = try leases.names().first else { return }
        throw OperationalError(
            code: .inUse,
            message: "\(leases.path): \(name) is leased, so a run may be at work in the store",
            remedy: "wait until all runs have ended on all hosts; what killed ones left, "
                + "remove by hand: rm \(leases.path)/*")
    }
}
