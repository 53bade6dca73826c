/// What `push` takes along.
package struct PushOptions: Sendable {
    /// Whether outputs and logs stay here: only results, signatures and descriptions of keys travel.
    package var metaOnly = false
    /// Leaves out results with a larger output.
    package var maxSize: Int?
    /// Signs what is pushed.
    package var signer: SigningKey?
    /// Only counts.
    package var dryRun = false

    /// The defaults: everything, unsigned.
    package init() {}
}

extension RemoteSession {
    /// Brings results, with all that they name, to the first remote.
    ///
    /// What is there already stays as it is; signatures are added to it. A blob is there before what
    /// names it, so that a push that is cut off leaves nothing that misses something.
    ///
    /// - Throws: ``StoreError``.
    package func push(_ results: [ActionResult], options: PushOptions) throws {
        guard let slot = slots.first else { return }
        var chosen: [ActionResult] = []
        for result in results {
            if let most = options.maxSize, result.outputs.contains(where: { $0.size > most }) {
                count.refused += 1
            } else {
                chosen.append(result)
            }
        }
        for start in stride(from: 0, to: chosen.count, by: 512) {
            try pushSome(
                Array(chosen[start..<min(start + 512, chosen.count)]), to: slot.remote, options)
        }
    }

    private func pushSome(
        _ results: [ActionResult], to remote: any Remote, _ options: PushOptions
    ) throws {
        let signed = try results.map { result -> SignedResult in
            var signed = try store.signed(result)
            if let signer = options.signer, let own = result.signature(by: signer) {
                signed.add([own])
            }
            return signed
        }
        if options.signer != nil && !options.dryRun && !store.isReadOnly {
            try store.add(signaturesOf: signed)
        }
        var present: [Digest: RemoteEntry] = [:]
        try remote.entries(results.map { $0.key }) { key, answer in
            switch answer {
            case .found(let entry): present[key] = entry
            case .absent, .bad: break  // what is unreadable there is written anew
            }
        }
        var entries: [RemoteEntry] = []
        // Blobs of results that are there are looked for first: a push of results alone may have
        // been before. So are large ones. The others are sent without a question.
        var asked: [WantedBlob] = []
        var sent: [WantedBlob] = []
        var seen: Set<Digest> = []
        for item in signed {
            let result = item.result
            var entry = present[result.key] ?? RemoteEntry(item)
            let isThere = present[result.key] != nil
            if entry.add(item) || !isThere { entries.append(entry) } else { count.present += 1 }
            if entry.results.count > 1 { count.conflicts += 1 }
            for blob in try blobs(of: result, options) where seen.insert(blob.digest).inserted {
                if isThere || blob.size ?? 0 > 1 << 18 {
                    asked.append(blob)
                } else {
                    sent.append(blob)
                }
            }
        }
        let absent = try remote.absent(asked)
        sent += asked.filter { absent.contains($0.digest) }
        if options.dryRun {
            count.blobs += sent.count
            count.bytes += sent.reduce(0) { $0 + ($1.size ?? 0) }
            count.results += entries.count
            return
        }
        try remote.put(sent, from: store) { _, bytes in
            count.blobs += 1
            count.bytes += bytes
            onProgress(count)
        }
        try remote.put(entries)
        count.results += entries.count
        onProgress(count)
    }

    /// What has to be at the remote before the result may be.
    private func blobs(of result: ActionResult, _ options: PushOptions) throws -> [WantedBlob] {
        var named: [WantedBlob] = []
        if store.contains(result.key) { named.append(WantedBlob(result.key, size: nil)) }
        if options.metaOnly { return named }
        named += result.outputs.map { WantedBlob($0.digest, size: $0.size) }
        if let log = result.log, store.contains(log),
            try store.size(of: log) ?? 0 <= WantedBlob.largestUndeclared
        {
            named.append(WantedBlob(log, size: nil))
        }
        return named
    }
}

extension ActionResult {
    /// The signature of the result's statement by a key.
    package func signature(by key: SigningKey) -> DSSEEnvelope.Signature? {
        statement.signed(with: key).signatures.first
    }
}

extension Store {
    /// The size of a blob, as its frame declares it; `nil` where it is not there.
    func size(of digest: Digest) throws -> Int? {
        for layer in layers {
            if let reader = try BlobReader(digest, layer: layer) { return reader.size }
        }
        return nil
    }
}
