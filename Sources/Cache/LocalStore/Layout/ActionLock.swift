/// The right to execute an action: the kernel's lock, and a lease where the store has leases.
package final class ActionLock: Sendable {
    private let lock: StoreLock
    private let lease: Lease?

    init(_ lock: StoreLock, _ lease: Lease?) {
        self.lock = lock
        self.lease = lease
    }
}
