import LocalStore
import Synchronization

/// The stores that this command opened: what it found damaged in them, and did not tell otherwise, is told at
/// its end.
enum OpenStores {
    private static let stores = Mutex<[Store]>([])

    static func add(_ store: Store) { stores.withLock { $0.append(store) } }

    /// Says what has not been said.
    static func tellDamage() {
        for store in stores.withLock({ $0 }) {
            for damage in store.takeUntoldDamage() {
                Output.error("warning: \(damage.warning)\n")
            }
        }
    }
}
