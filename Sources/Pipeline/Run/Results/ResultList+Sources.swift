import Canon
package import Experiment
package import LocalStore
package import System

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
            if let frozen = action.frozen {
                entries.append(frozen)
                continue
            }
            let kind = graph.stage(of: action).kind
            entries.append(
                Entry(
                    name: action.name, kind: kind.versionedName,
                    profile: kind.usesProfile ? profile : nil, key: plan.keys[action.index],
                    outputs: plan.outputs[action.index].map {
                        Output(name: $0.name, digest: $0.digest)
                    },
                    without: (plan.lacking[action.index] ?? []).map { graph.actions[$0].name }))
        }
        self.init(origin: origin, experiment: graph.experiment, entries: entries)
    }

    /// What a run gave, from its record; what failed or was not reached has no entry.
    ///
    /// - Throws: ``OperationalError`` `malformed` where the record is not one.
    package init(run record: RunDocument, name: String) throws(OperationalError) {
        guard record.hasActions else {
            throw OperationalError(
                code: .malformed,
                message: "run \(name): expected a list of actions, found none",
                remedy: "bitlaw verify, and name another run")
        }
        var entries: [Entry] = []
        record.forEachAction { action in
            guard let action = ResultList.entry(action), !action.outputs.isEmpty else { return }
            entries.append(action)
        }
        self.init(
            origin: "run \(name)", experiment: record.head["experiment"]?.text, entries: entries)
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
            let experiment = record.head["experiment"]?.text ?? ""
            record.forEachAction { action in
                guard let name = action["name"]?.text,
                    let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }),
                    names[key] == nil
                else { return }
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
