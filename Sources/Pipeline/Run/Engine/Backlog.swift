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
    private var held: [(action: KeyedAction, due: ContinuousClock.Instant)] = []
    private var pauses: [Int: LookPause] = [:]

    /// Whether nothing waits.
    var isEmpty: Bool { queue.isEmpty && held.isEmpty }

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

    /// Puts an action aside that others have to do with: it is looked at again later, each time after a
    /// longer pause.
    ///
    /// - Returns: whether it is put aside for the first time.
    @discardableResult
    mutating func hold(_ action: KeyedAction) -> Bool {
        let isNew = pauses[action.index] == nil
        let pause = pauses[action.index, default: LookPause()]
        pauses[action.index] = pause.next
        held.append((action, ContinuousClock.now + pause.jittered))
        return isNew
    }

    /// Takes what was put aside and is to be looked at now.
    mutating func takeHeld() -> [KeyedAction] {
        let now = ContinuousClock.now
        let due = held.filter { $0.due <= now }.map { $0.action }
        if !due.isEmpty { held.removeAll { $0.due <= now } }
        return due
    }

    /// Lets an action that was put aside be looked at with the next round.
    mutating func hurry(_ index: Int) {
        for place in held.indices where held[place].action.index == index {
            held[place].due = ContinuousClock.now
        }
        pauses[index] = LookPause()
    }

    /// What was put aside.
    var heldActions: [KeyedAction] { held.map { $0.action } }

    /// When the next of what was put aside is looked at.
    var nextLook: ContinuousClock.Instant? { held.map { $0.due }.min() }
}
