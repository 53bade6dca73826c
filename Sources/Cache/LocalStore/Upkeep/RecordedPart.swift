import Canon

/// What some actions of a run name: those that stand in its record, or a part of them that several records
/// share.
final class RecordedPart {
    /// The keys of the actions.
    var keys: [Digest] = []
    /// Blobs that are named beside them.
    var blobs: [Digest] = []
    /// Those of the blobs and outputs that are the manifests of trees.
    private(set) var trees: [Digest] = []
    /// What actions gave that are not frozen, by their keys.
    private(set) var outputs: [Digest: [Digest]] = [:]

    /// Adds an action, the one at `place` of the record or the part.
    ///
    /// - Throws: ``UnreadableFile``.
    func add(_ action: JSON, _ place: Int) throws {
        switch action["key"] {
        case .some(.null): break
        case .some(let key):
            keys.append(try Digest(recorded: key, "the key of action \(place)"))
        case nil: throw UnreadableFile(reason: "action \(place) has no `key`")
        }
        let given = try (action["outputs"]?.members ?? [:]).values.map {
            try Digest(recorded: $0, "an output of action \(place)")
        }
        for name in action["trees"]?.elements ?? [] {
            guard let name = name.text, let tree = action["outputs"]?[name] else {
                throw UnreadableFile(reason: "action \(place) has no output of a name in `trees`")
            }
            trees.append(try Digest(recorded: tree, "an output of action \(place)"))
        }
        // A frozen action has its outputs by their digests: there may be no result of it.
        if action["frozen"] == true {
            blobs += given
        } else if let key = keys.last, !given.isEmpty, action["key"] != .null {
            outputs[key] = given
        }
    }
}

extension Digest {
    /// A digest in a record.
    ///
    /// - Throws: ``UnreadableFile`` for anything else, naming its place.
    init(recorded json: JSON, _ place: String) throws {
        guard let digest = json.text.flatMap({ try? Digest(hex: $0) }) else {
            throw UnreadableFile(reason: "\(place) is no SHA-256")
        }
        self = digest
    }
}
