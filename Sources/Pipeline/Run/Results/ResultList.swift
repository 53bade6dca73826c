package import Canon
package import Experiment
package import LocalStore
package import System

/// What actions gave: names, keys and output digests, from a lock file, a run, or a store.
package struct ResultList: Sendable, Equatable {
    /// One action's key and outputs.
    package struct Entry: Sendable, Equatable {
        /// The action's name, such as `law[k=1]`.
        package let name: String
        /// Kind and version, such as `law.fit/1`; `nil` where it is not known.
        package let kind: String?
        /// The numerics profile of the key; `nil` where it has none, or it is not known.
        package let profile: String?
        /// The action key; `nil` where it is not known.
        package let key: Digest?
        /// The outputs, ordered by name.
        package let outputs: [Output]

        /// Names what an action gave.
        package init(
            name: String, kind: String?, profile: String?, key: Digest?, outputs: [Output]
        ) {
            self.name = name
            self.kind = kind
            self.profile = profile
            self.key = key
            self.outputs = outputs.sorted { $0.name < $1.name }
        }

        /// The digest of an output.
        package func digest(_ output: String) -> Digest? {
            outputs.first { $0.name == output }?.digest
        }
    }

    /// A named output.
    package struct Output: Sendable, Equatable {
        /// The name that the kind declares.
        package let name: String
        /// The digest of the bytes.
        package let digest: Digest

        /// Names an output.
        package init(name: String, digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    /// Where the list comes from, for people.
    package let origin: String
    /// The experiment; `nil` for a store, which may have several.
    package let experiment: String?
    /// The actions, in the order of the experiment.
    package let entries: [Entry]
    private let places: [String: Int]

    /// Collects entries; of two with one name the first is found by it.
    package init(origin: String, experiment: String?, entries: [Entry]) {
        self.origin = origin
        self.experiment = experiment
        self.entries = entries
        places = Dictionary(entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The entry of an action.
    package subscript(name: String) -> Entry? { places[name].map { entries[$0] } }
}

extension ResultList {
    /// The entries of a whole store that belong to the experiment of another list, under the names that
    /// they have there.
    ///
    /// Of several results with one name the one with the other list's key is taken.
    package func asFar(as other: ResultList) -> ResultList {
        guard experiment == nil, let wanted = other.experiment else { return self }
        let lead = "\(wanted): "
        let keys = Set(other.entries.compactMap { $0.key })
        let named = Dictionary(
            other.entries.compactMap { entry in entry.key.map { ($0, entry.name) } }
        ) { first, _ in first }
        var found: [String: Entry] = [:]
        for entry in entries {
            let name: String
            if let own = entry.key.flatMap({ named[$0] }) {
                name = own
            } else if entry.name.hasPrefix(lead) {
                name = String(entry.name.dropFirst(lead.count))
            } else {
                continue
            }
            if found[name] == nil || entry.key.map({ keys.contains($0) }) == true {
                found[name] = Entry(
                    name: name, kind: entry.kind, profile: entry.profile, key: entry.key,
                    outputs: entry.outputs)
            }
        }
        // In the other list's order, then what that one has not.
        let known = other.entries.compactMap { found.removeValue(forKey: $0.name) }
        return ResultList(
            origin: origin, experiment: wanted,
            entries: known + found.values.sorted { $0.name < $1.name })
    }

    /// What a store holds for an experiment: an entry for each action that has a result.
    package init(plan: Plan, graph: ActionGraph, profile: String?, origin: String) {
        var entries: [Entry] = []
        for action in graph.actions {
            guard case .cached = plan.states[action.index] else { continue }
            let kind = graph.stage(of: action).kind
            entries.append(
                Entry(
                    name: action.name, kind: kind.versionedName,
                    profile: kind.usesProfile ? profile : nil, key: plan.keys[action.index],
                    outputs: plan.outputs[action.index].map {
                        Output(name: $0.name, digest: $0.digest)
                    }))
        }
        self.init(origin: origin, experiment: graph.experiment, entries: entries)
    }

    /// What a run gave, from its record; what failed or was not reached has no entry.
    ///
    /// - Throws: ``OperationalError`` `malformed` where the record is not one.
    package init(run record: JSON, name: String) throws(OperationalError) {
        guard let list = record["actions"]?.elements else {
            throw OperationalError(
                code: .malformed,
                message: "run \(name): expected a list of actions, found none",
                remedy: "bitlaw verify, and name another run")
        }
        var entries: [Entry] = []
        for action in list {
            guard let action = ResultList.entry(action), !action.outputs.isEmpty else { continue }
            entries.append(action)
        }
        self.init(
            origin: "run \(name)", experiment: record["experiment"]?.text, entries: entries)
    }

    private static func entry(_ action: JSON) -> Entry? {
        guard let name = action["name"]?.text else { return nil }
        let key = action["key"]?.text.flatMap { try? Digest(hex: $0) }
        let outputs = (action["outputs"]?.members ?? [:]).compactMap { name, digest in
            digest.text.flatMap { try? Digest(hex: $0) }.map { Output(name: name, digest: $0) }
        }
        return Entry(name: name, kind: nil, profile: nil, key: key, outputs: outputs)
    }

    /// Every result of a store, named by its newest run, or else by its kind and key.
    package init(store: Store) throws {
        var names: [Digest: String] = [:]
        for run in try store.runNames() {
            guard let record = try store.run(run) else { continue }
            let experiment = record["experiment"]?.text ?? ""
            for action in record["actions"]?.elements ?? [] {
                guard let name = action["name"]?.text,
                    let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }),
                    names[key] == nil
                else { continue }
                names[key] = "\(experiment): \(name)"
            }
        }
        var entries: [Entry] = []
        for key in try store.keysOfResults() {
            guard let result = try store.result(for: key)?.result else { continue }
            entries.append(
                Entry(
                    name: names[key] ?? "\(result.kind) \(key.short)",
                    kind: "\(result.kind)/\(result.version)", profile: nil, key: key,
                    outputs: result.outputs.map { Output(name: $0.name, digest: $0.digest) }))
        }
        self.init(
            origin: store.path, experiment: nil, entries: entries.sorted { $0.name < $1.name })
    }
}
