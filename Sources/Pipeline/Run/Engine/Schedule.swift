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
    /// For each collector with partial inputs the actions that it may go on without.
    private let mayMiss: [Int: Set<Int>]
    /// What a collector goes on without, for it did not end well.
    private(set) var lacking: [Int: Set<Int>] = [:]

    /// Begins with the actions that read no other.
    init(_ graph: ActionGraph, wanted: [Bool]) {
        self.wanted = wanted
        states = Array(repeating: .pending, count: graph.actions.count)
        readers = Readers(graph)
        var missing = readers.producerCounts
        mayMiss = Dictionary(
            uniqueKeysWithValues: graph.actions.filter { wanted[$0.index] && $0.isPartial }.map {
                ($0.index, $0.mayMiss)
            })
        // What is no part of the run, and may be missing, gives nothing.
        for (reader, producers) in mayMiss {
            let absent = producers.filter { !wanted[$0] }
            if absent.isEmpty { continue }
            lacking[reader] = absent
            missing[reader] -= Int32(absent.count)
        }
        let counts = missing
        self.missing = counts
        ready = Deque(graph.actions.indices.filter { wanted[$0] && counts[$0] == 0 })
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

    /// How many actions read an action.
    func readerCount(of index: Int) -> Int { readers.count(of: index) }

    /// Notes that an action has a result; readers that waited for nothing else become ready.
    mutating func finish(_ index: Int, _ state: ActionState) {
        states[index] = state
        for reader in readers.of(index) {
            missing[reader] -= 1
            if missing[reader] == 0 && wanted[reader] && isPending(reader) { ready.append(reader) }
        }
    }

    /// Notes how an action came to its result that has one.
    mutating func note(_ index: Int, _ state: ActionState) { states[index] = state }

    /// Notes that an action failed, or that it cannot be executed.
    ///
    /// A collector that may go on without it becomes ready once everything else that it reads has ended.
    /// - Returns: the actions that are skipped for it, each before its readers.
    mutating func fail(_ index: Int, _ state: ActionState = .failed) -> [Int] {
        states[index] = state
        var skipped: [Int] = []
        var next = [index]
        while let failed = next.popLast() {
            for reader in readers.of(failed) where isPending(reader) && wanted[reader] {
                if mayMiss[reader]?.contains(failed) == true {
                    lacking[reader, default: []].insert(failed)
                    missing[reader] -= 1
                    if missing[reader] == 0 { ready.append(reader) }
                    continue
                }
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
