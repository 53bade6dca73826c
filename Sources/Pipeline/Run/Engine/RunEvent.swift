package import Experiment

/// A step of a run, for whoever shows it.
package enum RunEvent: Sendable {
    /// The run begins: how many actions there are.
    case started(total: Int)
    /// An action's result was there, in this layer of the store.
    case cached(Int, layer: Int)
    /// An action's result came from a remote.
    case fetched(Int, remote: String)
    /// An action is being executed; how long it took last time, where known.
    case running(Int, expected: Double?)
    /// A running action tells how far it is.
    case progress(Int, StageProgress)
    /// An action ended well.
    case finished(Int, seconds: Double)
    /// An action did not end well.
    case failed(Int, reason: String, log: String)
    /// An action is not executed because of another.
    case skipped(Int, because: Int)
    /// A collector goes on without these actions, which gave no result.
    case partial(Int, without: [Int])
    /// Another process is executing the action; its result will be taken.
    case waiting(Int)
    /// An action is executed again.
    case retrying(Int, reason: String)
    /// An action that was done is executed again, for an output of it is damaged or lost.
    case remade(Int, reason: String)
    /// Something that a person should know.
    case warning(String)
    /// A moment passed; a display may redraw.
    case tick
}

extension RunEvent {
    /// The same event about the actions' numbers in another graph.
    package func renumbered(_ number: (Int) -> Int) -> RunEvent {
        switch self {
        case .started, .warning, .tick: self
        case .cached(let index, let layer): .cached(number(index), layer: layer)
        case .fetched(let index, let remote): .fetched(number(index), remote: remote)
        case .running(let index, let expected): .running(number(index), expected: expected)
        case .progress(let index, let progress): .progress(number(index), progress)
        case .finished(let index, let seconds): .finished(number(index), seconds: seconds)
        case .failed(let index, let reason, let log):
            .failed(number(index), reason: reason, log: log)
        case .skipped(let index, let because): .skipped(number(index), because: number(because))
        case .partial(let index, let without):
            .partial(number(index), without: without.map(number))
        case .waiting(let index): .waiting(number(index))
        case .retrying(let index, let reason): .retrying(number(index), reason: reason)
        case .remade(let index, let reason): .remade(number(index), reason: reason)
        }
    }
}
