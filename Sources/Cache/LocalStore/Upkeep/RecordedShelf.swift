import Canon

/// The parts of records that were read: each is read once, however many records name it.
final class RecordedShelf {
    private let store: Store
    private var known: [Digest: RecordedPart] = [:]

    init(_ store: Store) { self.store = store }

    /// The parts of a record's actions; `index` is given the blobs that lead to them.
    ///
    /// - Throws: ``UnreadableFile`` where one is not whole, and ``OperationalError`` of the store.
    func parts(of actions: RunParts, index: (Digest) -> Void) throws -> [RecordedPart] {
        var parts: [RecordedPart] = []
        try actions.walk(store, index: { index($0.digest) }) { part, _ in
            parts.append(try read(part))
        }
        return parts
    }

    private func read(_ part: RunParts.Part) throws -> RecordedPart {
        if let part = known[part.digest] { return part }
        let read = RecordedPart()
        read.blobs = [part.digest]
        for (place, action) in try RunParts.actions(of: part, in: store).enumerated() {
            try read.add(action, place)
        }
        known[part.digest] = read
        return read
    }
}
