import DequeModule
import Experiment

/// Where a run stands: what became of each action, and which actions can be looked at now.
///
/// An action is ready when every producer of it has a result; it is handed out once each time that
/// it becomes ready.
struct Schedule {
    /// Which actions are part of the run.
    let wanted: [Bool]
    /// What happened to each action so far.
    private(set) var states: [ActionState]
    private let readers: Readers
    /// How many producers of an action have no result yet.
    private var missing: [Int32]
    private var ready: Deque<Int>

    /// Begins with the actions that read no other.
    init(_ graph: ActionGraph, wanted: [Bool]) {
        self.wanted = wanted
        states = Array(repeating: .pending, count: graph.actions.count)
        readers = Readers(graph)
        let missing = readers.producerCounts
        self.missing = missing
        ready = Deque(graph.actions.indices.filter { wanted[$0] && missing[$0] == 0 })
    }

    /// Whether an action waits to be looked at.
    var hasReady: Bool { !ready.isEmpty }

    /// Whether an action has neither a result nor a failure.
    func isPending(_ index: Int) -> Bool { states[index] == .pending }

    /// Takes the next action to look at.
    mutating func nextReady() -> Int? {
        while let index = ready.popFirst() {
            if isPending(index) { return index }
        }
        return nil
    }

    /// Notes that an action has a result; readers that waited for nothing else become ready.
    mutating func finish(_ index: Int, _ state: ActionState) {
        states[index] = state
        for reader in readers.of(index) {
            missing[reader] -= 1
            if missing[reader] == 0 && wanted[reader] && isPending(reader) { ready.append(reader) }
        }
    }

    /// Notes that an action failed.
    ///
    /// - Returns: the actions that are skipped for it, each before its readers.
    mutating func fail(_ index: Int) -> [Int] {
        states[index] = .failed
        var skipped: [Int] = []
        var next = [index]
        while let failed = next.popLast() {
            for reader in readers.of(failed) where isPending(reader) && wanted[reader] {
                states[reader] = .skipped
                skipped.append(reader)
                next.append(reader)
            }
        }
        return skipped
    }

    /// Looks at an action again whose attempt gave no result.
    mutating func repeatAttempt(_ index: Int) { ready.append(index) }

    /// Takes back a result that is lost: the action is looked at again, and its readers wait for it.
    ///
    /// - Returns: whether there was a result; who waits already has told all its readers to wait.
    mutating func takeBack(_ index: Int) -> Bool {
        guard !isPending(index) else { return false }
        states[index] = .pending
        for reader in readers.of(index) { missing[reader] += 1 }
        ready.append(index)
        return true
    }
}
