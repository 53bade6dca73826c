import System

/// A lock that one process holds and another asks for, to learn whether locks reach from one to the other.
package struct LockTrial: Sendable {
    private let store: Store
    private let path: String

    /// Names a trial in a store; both processes name the same.
    package init(_ name: String, in store: Store) {
        self.store = store
        path =
            "\(store.path)/locks/trial-\(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })"
    }

    /// Takes the lock, tells by a file that it is held, and runs `body` meanwhile.
    ///
    /// - Throws: ``OperationalError``.
    package func hold(_ body: () -> Void) throws {
        try store.requireWritable()
        guard let lock = try StoreLock.take("\(path).lock", kind: .exclusive) else { return }
        try writeWholeFile(
            [10], to: "\(path).held", .durable, drafts: "\(store.path)/tmp")
        body()
        withExtendedLifetime(lock) {}
    }

    /// Whether the other process has told that it holds the lock.
    package var isHeld: Bool { ((try? readWholeFile("\(path).held")) ?? nil) != nil }

    /// Whether the lock can be had here.
    ///
    /// - Throws: ``OperationalError`` where the file system has no locks.
    package func isFree() throws -> Bool {
        try StoreLock.take("\(path).lock", kind: .exclusive) != nil
    }

    /// Removes the files of the trial.
    package func remove() {
        for end in [".lock", ".held"] { try? removeTree(path + end) }
    }
}
