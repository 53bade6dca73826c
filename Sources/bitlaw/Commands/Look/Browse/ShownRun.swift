import Canon
import LocalStore

/// A run as pages tell it: from its record, or from the notes of one that has not ended.
struct ShownRun {
    /// What a run says of one action.
    struct Step {
        let name: String
        let stage: String
        let state: String
        let key: Digest?
        let seconds: Double?
        let outputs: [String: Digest]
    }

    let name: String
    let experiment: String
    let file: String
    let outcome: String
    let startedAt: String
    let seconds: Double?
    /// Where it ran: names and values.
    let environment: [(name: String, value: String)]
    let steps: [Step]
    /// Whether it goes on at this moment.
    let isRunning: Bool
    /// The record, for comparisons; `nil` where there is none yet.
    let record: RunDocument?

    /// Reads a record.
    init(name: String, record: RunDocument) {
        self.name = name
        self.record = record
        isRunning = false
        let head = record.head
        experiment = head["experiment"]?.text ?? ""
        file = head["file"]?.text ?? ""
        outcome = head["outcome"]?.text ?? "no outcome"
        startedAt = head["startedAt"]?.text ?? ""
        seconds = head["seconds"]?.double
        let members = head["environment"]?.members ?? [:]
        environment = JSON.sorted(members.keys).compactMap { name in
            members[name]?.text.map { (name, $0) }
        }
        var steps: [Step] = []
        record.forEachAction { action in
            guard let name = action["name"]?.text else { return }
            let outputs = (action["outputs"]?.members ?? [:]).compactMapValues { value in
                value.text.flatMap { try? Digest(hex: $0) }
            }
            steps.append(
                Step(
                    name: name, stage: action["stage"]?.text ?? String(name.prefix { $0 != "[" }),
                    state: action["state"]?.text ?? "",
                    key: action["key"]?.text.flatMap { try? Digest(hex: $0) },
                    seconds: action["seconds"]?.double, outputs: outputs))
        }
        self.steps = steps
    }

    /// Takes the notes of a run without a record; `named` gives the names of actions that are known.
    init(_ run: UnfinishedRun, named: [Digest: (name: String, stage: String)], store: Store) {
        name = run.name
        experiment = run.experiment
        file = ""
        outcome = run.isRunning ? "running" : "broken off"
        startedAt =
            String(run.name.prefix(10)) + "T"
            + run.name.dropFirst(11).prefix(8).replacing("-", with: ":") + "Z"
        seconds = nil
        environment = []
        isRunning = run.isRunning
        record = nil
        steps = run.keys.map { key in
            let known = named[key]
            return Step(
                name: known?.name ?? key.short, stage: known?.stage ?? "names not known yet",
                state: store.hasResult(for: key) ? "done" : "begun", key: key, seconds: nil,
                outputs: [:])
        }
    }
}

extension Store {
    /// Whether there is a result of a key: one look.
    fileprivate func hasResult(for key: Digest) -> Bool {
        (try? result(for: key)?.result) != nil
    }
}
