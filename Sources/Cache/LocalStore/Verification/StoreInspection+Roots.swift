import Canon
import System

/// What tells which results a person wants: records, notes of runs that have not ended, and pins. Damage of
/// these is named and stays where it is: `gc` removes nothing while one of them cannot be read.
extension StoreInspection {
    /// Reads the records of runs, and the notes of those that have not ended.
    mutating func readRuns() {
        let shelf = RecordedShelf(store)
        var seen: Set<ObjectIdentifier> = []
        for entry in entries("runs") {
            let name = entry.text
            guard let run = read("runs", name, { try RecordedRun(file: name, $0 ?? [], shelf) })
            else { continue }
            for part in run.parts where seen.insert(ObjectIdentifier(part)).inserted {
                found.recorded.formUnion(part.keys)
                for (key, outputs) in part.outputs.sorted(by: { $0.key < $1.key }) {
                    noteResultMissing(key, outputs, of: run.name)
                }
            }
        }
    }

    /// Notes the result of a recorded action where it was made here and is gone: the description of its key
    /// is there, or an output is not.
    ///
    /// What the store had the bytes of before, such as a download, may never have had a result.
    private mutating func noteResultMissing(_ key: Digest, _ outputs: [Digest], of run: String) {
        if keys.contains(key) { return }
        var isElsewhere = false
        attempt(Store.resultPath(store.path, key)) {
            for layer in store.layers.indices where !isElsewhere {
                isElsewhere = try store.storedResult(for: key, layer: layer) != nil
            }
        }
        keys.insert(key)
        if isElsewhere || !store.contains(key) && outputs.allSatisfy(store.contains) { return }
        found.missing.append(MissingPart(digest: key, role: .result(run: run)))
    }

    /// Reads pins; that of an added file is written anew where it is damaged, for its name tells all.
    mutating func readPins() {
        for entry in entries("pins") {
            let name = entry.text
            let added = Store.addedDigest(ofPin: name)
            if let added, !holds(name, added) { mendPin(name, added) }
            guard let pin = read("pins", name, { try KeptPin(name: name, $0) }) else { continue }
            for digest in pin.digests where !store.contains(digest) && !keys.contains(digest) {
                found.missing.append(
                    MissingPart(
                        digest: digest, role: digest == added ? .added : .pinned(name)))
            }
        }
    }

    /// Whether the pin of an added file says what it has to say.
    private func holds(_ name: String, _ digest: Digest) -> Bool {
        let bytes = try? readWholeFile(
            "\(store.path)/pins/\(name)", limit: 4096, followingLinks: false)
        return bytes == Store.pin(ofAdded: digest)
    }

    private func mendPin(_ name: String, _ digest: Digest) {
        let path = "\(store.path)/pins/\(name)"
        let reason = "expected a list of the digest in its name"
        if store.isReadOnly { return leave(path, reason) }
        attempt(path) {
            try store.moveToQuarantine(path)
            try store.pinAdded(digest)
            store.note(Damage(path: path, reason: reason, outcome: .madeAnew))
        }
    }

    /// Reads a record or a pin; `nil` where that cannot be done, which is noted.
    private mutating func read<Value>(
        _ area: String, _ name: String, _ body: ([UInt8]?) throws -> Value
    ) -> Value? {
        let path = "\(store.path)/\(area)/\(name)"
        found.others[name.hasSuffix(RunJournal.suffix) ? "begun" : area, default: 0] += 1
        var value: Value?
        attempt(path) {
            do {
                let bytes = try readWholeFile(
                    path, limit: Store.largestRecord, followingLinks: false)
                value = try body(bytes)
            } catch let error as UnreadableFile {
                leave(path, error.reason)
            }
        }
        return value
    }
}
