package import Canon
package import LocalStore
import System
import Trust

extension RemoteSession {
    /// Fetches results, and with `blobs` all that they name, into the store.
    ///
    /// Every key is answered once. A result is checked against the remote's policy before anything
    /// that it names is fetched, every blob against its digest and declared size, and the result is
    /// published after its blobs are on the disk. What is there already is not fetched again.
    ///
    /// - Throws: ``OperationalError`` of the store itself; a remote's failure only ends its own use.
    package func fetch(
        _ keys: [Digest], blobs: Bool = true, wanted: (ActionResult) -> Bool = { _ in true },
        each: (Digest, FetchOutcome) throws -> Void
    ) throws {
        var outcomes: [Digest: FetchOutcome] = [:]
        var open = keys
        for place in slots.indices where !open.isEmpty {
            for start in stride(from: 0, to: open.count, by: 4096) {
                let chunk = Array(open[start..<min(start + 4096, open.count)])
                _ = try with(place, asking: chunk.count) { slot in
                    try fetch(chunk, from: slot, blobs: blobs, wanted: wanted) { key, outcome in
                        if case .absent = outcome { return }
                        outcomes[key] = outcome
                        if case .fetched = outcome { try each(key, outcome) }
                    }
                }
            }
            open.removeAll {
                if case .fetched = outcomes[$0] { return true }
                return false
            }
        }
        for key in open {
            let outcome = outcomes[key] ?? .absent
            if case .refused = outcome { count.refused += 1 }
            try each(key, outcome)
        }
    }

    /// Fetches single blobs, for pinned sources and for repair.
    ///
    /// - Returns: the digests that are in the store now.
    package func fetch(blobs: [WantedBlob]) throws -> Set<Digest> {
        var found: Set<Digest> = []
        for place in slots.indices {
            let open = blobs.filter { !found.contains($0.digest) }
            if open.isEmpty { break }
            _ = try with(place, asking: open.count) { slot in
                let batch = try BlobBatch(store: store, expecting: open.count)
                let bounded = open.map {
                    WantedBlob($0.digest, size: $0.size, limit: min($0.limit, slot.largestBlob))
                }
                try slot.remote.fetch(bounded, into: batch) { blob, answer in
                    guard case .found(let bytes) = answer else { return }
                    found.insert(blob.digest)
                    count.blobs += 1
                    count.bytes += bytes
                    onProgress(count)
                }
                try batch.commit()
            }
        }
        return found
    }

    /// Results that are chosen, and all that stands beside them.
    typealias Chosen = (signed: SignedResult, entry: RemoteEntry)

    private func fetch(
        _ keys: [Digest], from slot: RemoteSlot, blobs: Bool,
        wanted: (ActionResult) -> Bool, each: (Digest, FetchOutcome) throws -> Void
    ) throws {
        var waiting: [Chosen] = []
        var weight = 0
        for start in stride(from: 0, to: keys.count, by: 512) {
            let some = Array(keys[start..<min(start + 512, keys.count)])
            try choose(some, from: slot, each: each) { chosen in
                guard wanted(chosen.signed.result) else {
                    return try each(chosen.signed.result.key, .absent)
                }
                waiting.append(chosen)
                weight += chosen.entry.weight
            }
            // What strangers describe at length does not pile up in memory.
            if weight > 32 << 20 {
                try take(waiting[...], from: slot, blobs: blobs, each: each)
                (waiting, weight) = ([], 0)
            }
        }
        try take(waiting[...], from: slot, blobs: blobs, each: each)
    }

    /// Reads entries and chooses the result that the policy accepts.
    ///
    /// Where the entry that all write lacks a signature, the signers' own are looked up.
    private func choose(
        _ keys: [Digest], from slot: RemoteSlot, each: (Digest, FetchOutcome) throws -> Void,
        chosen: (Chosen) throws -> Void
    ) throws {
        let name = slot.remote.name
        var doubtful: [Digest: (entry: RemoteEntry?, reason: String)] = [:]
        func accept(_ signed: SignedResult, _ entry: RemoteEntry) throws {
            if let reason = tooLarge(signed.result, slot) {
                try each(entry.key, .refused(remote: name, reason: reason))
            } else {
                try chosen((signed, entry))
            }
        }
        try slot.remote.entries(keys) { key, answer in
            switch answer {
            case .absent: try each(key, .absent)
            case .bad(let reason): doubtful[key] = (nil, reason)
            case .found(let entry):
                switch try entry.choose(slot.trust, refuses: refusalHere) {
                case .failure(let error): doubtful[key] = (entry, error.reason)
                case .success(let signed): try accept(signed, entry)
                }
            }
        }
        let signers = Set(slot.trust.signers.values).union(store.trust(ofLayer: 0).signers.values)
        for signer in signers.sorted(by: { $0.id < $1.id })
        where !doubtful.isEmpty {
            try slot.remote.entries(doubtful.keys.sorted(), by: signer) { key, answer in
                guard case .found(let own) = answer, let known = doubtful[key] else { return }
                var entry = known.entry ?? own
                for signed in own.results { entry.add(signed) }
                switch try entry.choose(slot.trust, refuses: refusalHere) {
                case .failure(let error): doubtful[key] = (entry, error.reason)
                case .success(let signed):
                    doubtful[key] = nil
                    try accept(signed, entry)
                }
            }
        }
        for (key, known) in doubtful {
            try each(key, .refused(remote: name, reason: known.reason))
        }
    }

    /// Why the store's own policy would not let a result be used once it is here; signatures that the
    /// store has already count too.
    private func refusalHere(_ signed: SignedResult) throws -> String? {
        let policy = store.trust(ofLayer: 0)
        if policy.takesAny { return nil }
        var all = SignedResult(signed.result, signatures: try store.signatures(of: signed.result))
        all.add(signed.signatures)
        return policy.accepts(all)
            ? nil : "the store that it would go into: \(policy.refusal(of: all))"
    }

    /// Tells what each key's result would be, from the remotes in turn, and fetches nothing.
    package func look(_ keys: [Digest], each: (Digest, FetchOutcome) throws -> Void) throws {
        var outcomes: [Digest: FetchOutcome] = [:]
        for place in slots.indices {
            let open = keys.filter { key in
                if case .fetched = outcomes[key] { false } else { true }
            }
            for start in stride(from: 0, to: open.count, by: 512) {
                let some = Array(open[start..<min(start + 512, open.count)])
                _ = try with(place, asking: some.count) { slot in
                    try choose(some, from: slot) { key, outcome in
                        if case .refused = outcome { outcomes[key] = outcome }
                    } chosen: { chosen in
                        outcomes[chosen.entry.key] = .fetched(
                            chosen.signed.result, remote: slot.remote.name)
                    }
                }
            }
        }
        for key in keys { try each(key, outcomes[key] ?? .absent) }
    }

    private func take(
        _ all: ArraySlice<Chosen>, from slot: RemoteSlot, blobs: Bool,
        each: (Digest, FetchOutcome) throws -> Void
    ) throws {
        // Small pieces, so that what is whole becomes known while the rest still travels.
        var rest = all
        while !rest.isEmpty {
            var bytes = 0
            let piece = rest.prefix { item in
                defer { bytes += item.signed.result.outputs.reduce(0) { $0 + $1.size } }
                return bytes < 64 << 20
            }
            try takePiece(Array(piece), from: slot, blobs: blobs, each: each)
            rest = rest.dropFirst(piece.count)
        }
    }

    private func takePiece(
        _ chosen: [Chosen], from slot: RemoteSlot, blobs: Bool,
        each: (Digest, FetchOutcome) throws -> Void
    ) throws {
        let reasons = try takeBlobs(of: chosen, from: slot, outputs: blobs)
        let good = chosen.indices.filter { reasons[$0] == nil }
        try store.add(signaturesOf: good.map { chosen[$0].signed })
        let published = try store.publish(good.map { chosen[$0].signed.result })
        for (place, publication) in zip(good, published) {
            let signed = chosen[place].signed
            count.results += 1
            if case .conflict = publication { count.conflicts += 1 }
            // Other bits under the same key are evidence: they are kept, and never used.
            for other in chosen[place].entry.results
            where other.result.outputs != signed.result.outputs {
                try store.publish(other.result)
                try store.add(signatures: other.signatures, of: other.result)
                count.conflicts += 1
            }
            try each(
                signed.result.key, .fetched(signed.result, remote: slot.remote.name))
        }
        for (place, reason) in reasons {
            try each(
                chosen[place].signed.result.key,
                .refused(remote: slot.remote.name, reason: reason))
        }
        onProgress(count)
    }
}
