import DequeModule
import Experiment

/// An action whose inputs are known, with the description of its key.
struct KeyedAction {
    let index: Int
    let document: KeyDocument
}

/// Actions that have no result: those that wait for a worker, and those that another process executes.
struct Backlog {
    private var queue: Deque<KeyedAction> = []
    private var held: [KeyedAction] = []

    /// Whether nothing waits.
    var isEmpty: Bool { queue.isEmpty && held.isEmpty }

    /// Whether an action waits for a worker.
    var hasNext: Bool { !queue.isEmpty }

    /// Whether an action is being executed by another process.
    var hasHeld: Bool { !held.isEmpty }

    /// Lets an action wait for a worker.
    mutating func add(_ action: KeyedAction) { queue.append(action) }

    /// Takes the action that has waited longest for a worker.
    mutating func next() -> KeyedAction? { queue.popFirst() }

    /// Puts an action aside that another process is executing.
    mutating func hold(_ action: KeyedAction) { held.append(action) }

    /// Takes all that was put aside.
    mutating func takeHeld() -> [KeyedAction] {
        defer { held = [] }
        return held
    }
}
