package import Cache

/// What a run is asked for.
package struct RunOptions: Sendable {
    /// How many workers at most.
    package var jobs: Int
    /// Whether the first failure ends the run.
    package var failsFast: Bool
    /// Names of actions or stages, with what they need; empty for all.
    package var targets: [String]
    /// The command that starts a worker; store arguments are added.
    package var worker: [String]
    /// The command that starts the process that asks remotes; empty where there are none.
    package var transfer: [String]
    /// The variables of the person who runs it: workers get some of them, what asks remotes gets all.
    package var person: EnvironmentVariables
    /// Signs what is executed, where the store asks for signatures.
    package var signer: SigningKey?
    /// Describes where actions are executed, for the run record.
    ///
    /// Asked for only when a record is written. Neither host nor user nor path may be in it.
    package var environment: @Sendable () -> JSON

    /// Names options.
    package init(
        jobs: Int = 1, failsFast: Bool = false, targets: [String] = [], worker: [String] = [],
        transfer: [String] = [], person: EnvironmentVariables,
        environment: @escaping @Sendable () -> JSON = { .null }
    ) {
        self.jobs = jobs
        self.failsFast = failsFast
        self.targets = targets
        self.worker = worker
        self.transfer = transfer
        self.person = person
        self.environment = environment
    }
}

/// What happened to an action in a run.
package enum ActionState: String, Sendable {
    /// Its result was there.
    case cached
    /// It was executed and ended well.
    case ran
    /// It was executed and did not end well.
    case failed
    /// Something that it needs failed.
    case skipped
    /// The run ended before its turn.
    case pending
}

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
    func renumbered(_ number: (Int) -> Int) -> RunEvent {
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
        case .waiting(let index): .waiting(number(index))
        case .retrying(let index, let reason): .retrying(number(index), reason: reason)
        case .remade(let index, let reason): .remade(number(index), reason: reason)
        }
    }
}

/// How a run ended.
package struct RunSummary: Sendable {
    /// The state of every action that was wanted.
    package let states: [ActionState]
    /// The key of every action that came to have one.
    package let keys: [Digest?]
    /// Whether a signal ended it.
    package let isInterrupted: Bool
    /// Wall time in seconds.
    package let seconds: Double
    /// The run record's name, where one was written.
    package let run: String?

    /// How many actions are in a state.
    package func count(_ state: ActionState) -> Int { states.count { $0 == state } }
}
