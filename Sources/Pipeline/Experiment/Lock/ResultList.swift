package import Canon

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
        /// The actions that a collector went on without; a lock file tells them in a comment.
        package let without: [String]

        /// Names what an action gave.
        package init(
            name: String, kind: String?, profile: String?, key: Digest?, outputs: [Output],
            without: [String] = []
        ) {
            self.without = without
            self.name = name
            self.kind = kind
            self.profile = profile
            self.key = key
            self.outputs = outputs.sorted { $0.name < $1.name }
        }

        /// Whether outputs are these, whatever else is there.
        package func matches(_ outputs: [Output]) -> Bool {
            self.outputs.allSatisfy { own in outputs.contains(own) }
        }

        /// The digest of an output.
        package func digest(_ output: String) -> Digest? {
            outputs.first { $0.name == output }?.digest
        }
    }

    /// A named output.
    package struct Output: Sendable, Hashable {
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

    /// The entries of some actions alone.
    package func only(_ isIncluded: (String) -> Bool) -> ResultList {
        ResultList(
            origin: origin, experiment: experiment, entries: entries.filter { isIncluded($0.name) })
    }
}
