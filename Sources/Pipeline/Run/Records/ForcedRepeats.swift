package import Canon
import Experiment
package import LocalStore

/// What is executed again though its result is there, and how the new outputs compare with the stored ones.
package struct ForcedRepeats: Sendable {
    /// How one action came out.
    package struct Outcome: Sendable {
        /// The action.
        package let action: Int
        /// The result that the store had, and keeps.
        package let stored: ActionResult
        /// What came out now.
        package let found: ActionResult

        /// The outputs with other bits than the stored ones.
        package var differing: [(name: String, stored: Digest?, found: Digest?)] {
            let names = Set((stored.outputs + found.outputs).map { $0.name })
            return names.sorted().compactMap { name in
                let (old, new) = (stored.output(name)?.digest, found.output(name)?.digest)
                return old == new ? nil : (name, old, new)
            }
        }
    }

    /// The stored results of what is still to be executed again.
    private var open: [Int: ActionResult] = [:]
    private var closed: Set<Int> = []
    /// What was executed again, in the order of the ends.
    package private(set) var outcomes: [Outcome] = []

    /// The same by action.
    var byAction: [Int: Outcome] {
        Dictionary(outcomes.map { ($0.action, $0) }) { first, _ in first }
    }

    /// Whether an action waits to be executed again.
    func isOpen(_ index: Int) -> Bool { open[index] != nil }

    /// Whether an action was executed again.
    func isDone(_ index: Int) -> Bool { closed.contains(index) }

    /// Notes that an action is to be executed again.
    mutating func begin(_ index: Int, stored: ActionResult) { open[index] = stored }

    /// Compares what came out; `nil` for an action that had no result before.
    mutating func close(_ index: Int, _ found: ActionResult) -> Outcome? {
        guard let stored = open.removeValue(forKey: index) else { return nil }
        let outcome = Outcome(action: index, stored: stored, found: found)
        outcomes.append(outcome)
        closed.insert(index)
        return outcome
    }
}
