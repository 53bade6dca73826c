package import Canon
import System

extension Store {
    /// Takes the single-flight lock of an action; `nil` while another process works on it.
    ///
    /// One file serves all actions: each locks the byte that the first 62 bits of its key name.
    package func tryLock(_ key: Digest) throws -> StoreLock? {
        try requireWritable()
        return try StoreLock.take(
            "\(path)/locks/actions.lock", kind: .exclusive, byte: Int(key.words[0] >> 2))
    }

    /// Takes the lock of who leads a run on a cluster; `nil` while another process does.
    ///
    /// - Throws: ``OperationalError``.
    package func tryLeading(_ run: String) throws -> StoreLock? {
        try requireWritable()
        let word = Digest(of: Array(run.utf8).span).words[0]
        return try StoreLock.take(
            "\(path)/locks/cluster.lock", kind: .exclusive, byte: Int(word >> 2))
    }
}
