import Canon
import LocalStore

/// The actions of a run, by their names and by their keys.
struct LastRun {
    /// The run's name.
    let name: String
    /// The names of its stages.
    let stages: Set<String>
    private let keys: [ExactText: Digest]
    private let names: [Digest: String]
    private let executed: Set<ExactText>

    /// Reads a record; what is no action of it is passed over.
    init(name: String, record: RunDocument) {
        self.name = name
        var (keys, names): ([ExactText: Digest], [Digest: String]) = ([:], [:])
        var stages: Set<String> = []
        var executed: Set<ExactText> = []
        record.forEachAction { action in
            guard let name = action["name"]?.text, let hex = action["key"]?.text,
                let key = try? Digest(hex: hex)
            else { return }
            keys[ExactText(name)] = key
            if action["state"]?.text == ActionState.ran.rawValue {
                executed.insert(ExactText(name))
            }
            if names[key] == nil { names[key] = name }
            if let stage = action["stage"]?.text { stages.insert(stage) }
        }
        (self.keys, self.names, self.stages) = (keys, names, stages)
        self.executed = executed
    }

    /// The key that an action had.
    func key(of action: String) -> Digest? { keys[ExactText(action)] }

    /// Whether an action was executed in it, and ended well.
    func didExecute(_ action: String) -> Bool { executed.contains(ExactText(action)) }

    /// The action that had a key.
    func name(of key: Digest) -> String? { names[key] }
}

/// The newest run of an experiment and the one before it, each read when it is first asked for.
final class NewestRun {
    private let store: Store
    private let experiment: String
    private var known: LastRun??
    private var earlier: LastRun??

    init(_ store: Store, experiment: String) {
        (self.store, self.experiment) = (store, experiment)
    }

    /// The run; `nil` where there is none.
    var run: LastRun? {
        get throws {
            if let known { return known }
            let found = try RunHistory.newest(in: store, experiment: experiment)
            let run = found.map(LastRun.init)
            known = .some(run)
            return run
        }
    }

    /// The run before it; `nil` where there is none.
    var before: LastRun? {
        get throws {
            if let earlier { return earlier }
            let newest = try run?.name
            let found = try RunHistory.newest(in: store, experiment: experiment, before: newest)
            let run = newest == nil ? nil : found.map(LastRun.init)
            earlier = .some(run)
            return run
        }
    }
}
