package import Canon
package import LocalStore
import System
package import Trust

/// What `push` takes along.
package struct PushOptions: Sendable {
    /// Whether outputs and logs stay here: only results, signatures and descriptions of keys travel.
    package var metaOnly = false
    /// Leaves out results with a larger output, and larger logs.
    package var maxSize: Int?
    /// Signs what is pushed and ``account`` made.
    package var signer: SigningKey?
    /// Whose results are signed: what others made keeps the signatures that it came with.
    package var account: AccountSecret?
    /// Keys of others: what they signed is put where their readers look for it.
    package var known: [VerifyingKey] = []
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
    /// - Throws: ``OperationalError``.
    package func push(_ results: [ActionResult], options: PushOptions) throws {
        guard let slot = slots.first else { return }
        var chosen: [ActionResult] = []
        var seen: Set<Digest> = []
        for result in results where seen.insert(result.key).inserted {
            if let most = options.maxSize,
                try result.outputs.contains(where: {
                    try store.bytes(ofAll: $0) > most
                })
            {
                count.refused += 1
            } else {
                chosen.append(result)
            }
        }
        // Before they are there, so that no clean-up of the remote comes in between.
        if !options.dryRun { try slot.remote.keep(chosen.map { $0.key }) }
        for start in stride(from: 0, to: chosen.count, by: 4096) {
            try pushSome(
                Array(chosen[start..<min(start + 4096, chosen.count)]), to: slot.remote, options)
        }
        guard let signer = options.signer?.verifyingKey, !options.dryRun else { return }
        for (kind, some) in Dictionary(grouping: chosen, by: { $0.kind }).sorted(by: {
            $0.key < $1.key
        }) {
            try slot.remote.note(some.map { $0.key }, of: kind, by: signer)
        }
    }

    private func pushSome(
        _ results: [ActionResult], to remote: any Remote, _ options: PushOptions
    ) throws {
        var listing = FolderListing()
        let signed = try results.map { try sign($0, options, &listing) }
        if options.signer != nil && !options.dryRun && !store.isReadOnly {
            try store.add(signaturesOf: signed)
        }
        let places = Dictionary(uniqueKeysWithValues: signed.indices.map { (results[$0].key, $0) })
        var isThere: Set<Digest> = []
        var entries: [RemoteEntry] = []
        try remote.entries(results.map { $0.key }) { key, answer in
            guard let place = places[key] else { return }
            // What is absent, or unreadable there, is written anew.
            guard case .found(var entry) = answer else {
                return entries.append(RemoteEntry(signed[place]))
            }
            isThere.insert(key)
            if entry.add(signed[place]) { entries.append(entry) } else { count.present += 1 }
            if entry.results.count > 1 { count.conflicts += 1 }
        }
        let sent = try missing(signed, isThere, at: remote, options)
        if options.dryRun {
            count.blobs += sent.count
            count.bytes += sent.reduce(0) { $0 + ($1.size ?? 0) }
            count.results += entries.count
            return
        }
        count.expected += sent.reduce(0) { $0 + ($1.size ?? 0) }
        try remote.put(sent, from: store) { _, bytes in
            count.blobs += 1
            count.bytes += bytes
            onProgress(count)
        }
        try remote.put(entries)
        for key in options.known + [options.signer?.verifyingKey].compactMap(\.self) {
            try putClaims(signed, of: key, isOwn: key == options.signer?.verifyingKey, to: remote)
        }
        count.results += entries.count
        onProgress(count)
    }

    /// A result with its signatures, and the one of whoever pushes where it was made here.
    private func sign(
        _ result: ActionResult, _ options: PushOptions, _ listing: inout FolderListing
    ) throws -> SignedResult {
        var signed = try store.signed(result, &listing)
        guard let signer = options.signer, let own = result.signature(by: signer) else {
            return signed
        }
        if result.isMade(by: options.account) {
            signed.add([own])
        } else if !signed.signatures.contains(own) {
            count.unsigned += 1
        }
        return signed
    }

    /// The blobs that have to be sent.
    ///
    /// Blobs of results that are there are looked for first: a push of results alone may have been
    /// before. So are large ones. The others are sent without a question.
    private func missing(
        _ signed: [SignedResult], _ isThere: Set<Digest>, at remote: any Remote,
        _ options: PushOptions
    ) throws -> [WantedBlob] {
        var asked: [WantedBlob] = []
        var sent: [WantedBlob] = []
        var seen: Set<Digest> = []
        for item in signed {
            let result = item.result
            for blob in try blobs(of: result, options) where seen.insert(blob.digest).inserted {
                if isThere.contains(result.key) || max(blob.size ?? 0, blob.limit) > 16 << 20
                    || blob.size ?? 0 > 1 << 18
                {
                    asked.append(blob)
                } else {
                    sent.append(blob)
                }
            }
        }
        let absent = try remote.absent(asked)
        return sent + asked.filter { absent.contains($0.digest) }
    }

    /// Puts what one key signed where nobody else writes: two people who push at the same moment
    /// cannot overwrite each other there.
    ///
    /// What others signed is only put where they have nothing yet.
    private func putClaims(
        _ signed: [SignedResult], of key: VerifyingKey, isOwn: Bool, to remote: any Remote
    ) throws {
        let id = key.id.hex
        var claims: [Digest: SignedResult] = [:]
        for item in signed {
            let own = item.signatures.filter { $0.keyID == id }
            guard !own.isEmpty,
                isOwn || item.result.envelope(own)?.signers(among: [key]) == [key]
            else { continue }
            claims[item.result.key] = SignedResult(item.result, signatures: own)
        }
        if claims.isEmpty { return }
        var entries: [RemoteEntry] = []
        try remote.entries(claims.keys.sorted(), by: key) { actionKey, answer in
            guard let claim = claims[actionKey] else { return }
            guard case .found(var entry) = answer else {
                return entries.append(RemoteEntry(claim))
            }
            if isOwn && entry.add(claim) { entries.append(entry) }
        }
        try remote.put(entries, by: key)
    }

    /// What has to be at the remote before the result may be.
    private func blobs(of result: ActionResult, _ options: PushOptions) throws -> [WantedBlob] {
        var named: [WantedBlob] = []
        if store.contains(result.key) { named.append(WantedBlob(result.key, size: nil)) }
        if options.metaOnly { return named }
        named += try store.parts(of: result)
        if let log = result.log, let size = try store.size(of: log),
            size <= options.maxSize ?? .max
        {
            named.append(WantedBlob(log, size: nil, limit: max(size, 1)))
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
    package func size(of digest: Digest) throws -> Int? {
        for layer in layers {
            if let reader = try BlobReader(digest, layer: layer) { return reader.size }
        }
        return nil
    }
}
