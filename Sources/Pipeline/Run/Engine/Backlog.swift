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

    /// Whether an action is being executed by another process.
    var hasHeld: Bool { !held.isEmpty }

    /// Lets an action wait for a worker.
    mutating func add(_ action: KeyedAction) { queue.append(action) }

    /// Takes the action that has waited longest among those that fit into what is free.
    ///
    /// One that does not fit keeps its claim: those behind it get only what it leaves, so that a large one
    /// begins as soon as what runs now has ended.
    mutating func next(in free: Resources, _ needs: (KeyedAction) -> Resources) -> KeyedAction? {
        var left = free
        for place in queue.indices {
            if left.cpus == 0 { return nil }
            let needed = needs(queue[place])
            if needed.fits(in: left) { return queue.remove(at: place) }
            left = left.without(needed)
        }
        return nil
    }

    /// Puts an action aside that another process is executing.
    mutating func hold(_ action: KeyedAction) { held.append(action) }

    /// Takes all that was put aside.
    mutating func takeHeld() -> [KeyedAction] {
        defer { held = [] }
        return held
    }
}
