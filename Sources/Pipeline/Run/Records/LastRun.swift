import Canon

/// The actions of a run, by their names and by their keys.
struct LastRun {
    /// The run's name.
    let name: String
    /// The names of its stages.
    let stages: Set<String>
    private let keys: [ExactText: Digest]
    private let names: [Digest: String]

    /// Reads a record; what is no action of it is passed over.
    init(name: String, record: JSON) {
        self.name = name
        var (keys, names): ([ExactText: Digest], [Digest: String]) = ([:], [:])
        var stages: Set<String> = []
        for action in record["actions"]?.elements ?? [] {
            guard let name = action["name"]?.text, let hex = action["key"]?.text,
                let key = try? Digest(hex: hex)
            else { continue }
            keys[ExactText(name)] = key
            if names[key] == nil { names[key] = name }
            if let stage = action["stage"]?.text { stages.insert(stage) }
        }
        (self.keys, self.names, self.stages) = (keys, names, stages)
    }

    /// The key that an action had.
    func key(of action: String) -> Digest? { keys[ExactText(action)] }

    /// The action that had a key.
    func name(of key: Digest) -> String? { names[key] }
}
