import Glibc
import System

/// How a process has a store open: with others, so that `gc` never runs beside it, or alone.
///
/// `locks/store.lock` is held shared by all who use the store, and alone by `gc`. Before it, everybody takes
/// `locks/gc.lock` for a moment, and `gc` keeps it while it waits: so those who come later wait for `gc`, and
/// it does not starve.
package struct StorePresence: Sendable {
    /// How long others wait for `gc`, and `gc` for them where nothing else is said, in seconds.
    package static let patience = 10.0

    /// Held until the store is closed.
    private let locks: [StoreLock]

    /// Takes the store together with others.
    ///
    /// A process that `joins` has been started by one that has the store open and waits for it: `gc` cannot
    /// come between. `clearing` removes what nobody has a use for, where nobody else has the store open.
    static func shared(
        _ path: String, joins: Bool, clearing: () throws -> Void
    ) throws -> StorePresence {
        let file = "\(path)/locks/store.lock"
        let deadline = ContinuousClock.now + .seconds(patience)
        repeat {
            let gate = joins ? nil : try StoreLock.take("\(path)/locks/gc.lock", kind: .shared)
            if joins || gate != nil {
                if !joins, let lock = try StoreLock.take(file, kind: .exclusive) {
                    try clearing()
                    try lock.share(file)
                    return StorePresence(locks: [lock])
                }
                if let lock = try StoreLock.take(file, kind: .shared) {
                    return StorePresence(locks: [lock])
                }
            }
            usleep(2000)
        } while ContinuousClock.now < deadline
        throw OperationalError(
            code: .inUse,
            message: "\(path): bitlaw gc has been at work in the store for \(Int(patience)) s",
            remedy: "wait until it is done, then try again")
    }

    /// Takes the store alone, once all who use it have closed it.
    ///
    /// - Throws: ``OperationalError`` `inUse` where they have not after so many seconds.
    static func alone(_ path: String, seconds: Double) throws -> StorePresence {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var gate: StoreLock?
        repeat {
            if gate == nil { gate = try StoreLock.take("\(path)/locks/gc.lock", kind: .exclusive) }
            if let gate,
                let lock = try StoreLock.take("\(path)/locks/store.lock", kind: .exclusive)
            {
                return StorePresence(locks: [gate, lock])
            }
            usleep(2000)
        } while ContinuousClock.now < deadline
        throw OperationalError(
            code: .inUse,
            message: "\(path): another bitlaw is using the store"
                + (gate == nil ? ", or collecting garbage in it" : ""),
            remedy: "wait until it is done, or let gc wait longer with --wait SECONDS")
    }
}
