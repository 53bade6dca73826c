package import LocalStore
import Synchronization

/// Where a stage notes what its program runs with, for the result that comes of it.
package final class ProductionNotes: Sendable {
    private let noted = Mutex<MadeWith?>(nil)

    /// Nothing is noted yet.
    package init() {}

    /// Notes it; what was noted last counts.
    package func note(_ made: MadeWith) { noted.withLock { $0 = made } }

    /// What was noted; `nil` where no program was started.
    package var made: MadeWith? { noted.withLock { $0 } }
}
