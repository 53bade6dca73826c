import Glibc

/// Signatures of results: `signatures/ab/cdef….<statement>-<key>.json`, one file a signer, each a
/// DSSE envelope. Files are only ever added, so that people who share a folder need not agree on who
/// writes when.
extension Store {
    private static func folder(_ layer: String, _ key: Digest) -> String {
        "\(layer)/signatures/\(key.hex.prefix(2))"
    }

    /// Keeps signatures of results, those that are there already excepted; the waits for the disk
    /// are shared.
    package func add(signaturesOf signed: [SignedResult]) throws {
        if signed.allSatisfy({ $0.signatures.isEmpty }) { return }
        try requireWritable()
        var folders: Set<String> = []
        var drafts: [(draft: TextDraft, target: String)] = []
        let barrier = try DiskBarrier(self)
        func commit() throws {
            try barrier.wait(for: drafts.count) {
                for (draft, _) in drafts { try draft.synchronize() }
            }
            for (draft, target) in drafts { try draft.rename(to: target) }
            try barrier.wait(forFolders: folders)
            (folders, drafts) = ([], [])
        }
        for item in signed {
            let result = item.result
            let folder = Store.folder(path, result.key)
            let statement = Digest(of: result.statement.json.canonical().span).hex.prefix(16)
            for signature in item.signatures {
                guard let envelope = result.envelope([signature]) else { continue }
                let signer = Digest(of: (Array(signature.keyID.utf8) + signature.bytes).span).hex
                let name = "\(result.key.hex.dropFirst(2)).\(statement)-\(signer.prefix(16)).json"
                if unsafe access("\(folder)/\(name)", F_OK) == 0 { continue }
                if unsafe access(folder, F_OK) != 0 {
                    try makeFolder(folder)
                    folders.insert("\(path)/signatures")
                }
                folders.insert(folder)
                drafts.append(
                    (
                        try TextDraft(envelope.json.canonical(), in: self),
                        "\(folder)/\(name)"
                    ))
            }
            if drafts.count >= 4096 { try commit() }
        }
        try commit()
    }

    /// Keeps signatures of one result.
    package func add(signatures: [DSSEEnvelope.Signature], of result: ActionResult) throws {
        try add(signaturesOf: [SignedResult(result, signatures: signatures)])
    }

    /// The signatures of a result that a layer has; what is no signature of it is passed over.
    package func signatures(of result: ActionResult, layer: Int = 0) throws
        -> [DSSEEnvelope.Signature]
    {
        var listing = FolderListing()
        return try signatures(of: result, layer: layer, &listing)
    }

    private func signatures(
        of result: ActionResult, layer: Int, _ listing: inout FolderListing
    ) throws -> [DSSEEnvelope.Signature] {
        let folder = Store.folder(layers[layer], result.key)
        if try listing.names(folder, String(result.key.hex.dropFirst(2))).isEmpty { return [] }
        let payload = result.statement.json.canonical()
        let prefix = "\(result.key.hex.dropFirst(2)).\(Digest(of: payload.span).hex.prefix(16))-"
        var found: [DSSEEnvelope.Signature] = []
        for name in try listing.names(folder, prefix) {
            guard
                let bytes = try? readBounded(
                    "\(folder)/\(name)", limit: 1 << 20, followingLinks: false),
                let envelope = try? DSSEEnvelope(parsing: bytes, origin: name),
                envelope.payload == payload
            else { continue }
            found += envelope.signatures
            if found.count >= DSSEEnvelope.mostSignatures { break }
        }
        return found
    }

    /// A result of a layer with its signatures.
    package func signed(_ result: ActionResult, layer: Int = 0) throws -> SignedResult {
        SignedResult(result, signatures: try signatures(of: result, layer: layer))
    }

    /// The same for many results, whose folders are listed once.
    func signed(_ result: ActionResult, layer: Int = 0, _ listing: inout FolderListing) throws
        -> SignedResult
    {
        SignedResult(result, signatures: try signatures(of: result, layer: layer, &listing))
    }

    /// Every result of the store that a key signed.
    ///
    /// - Complexity: reads every signature that carries the key's name.
    package func results(signedBy key: VerifyingKey) throws -> [ActionResult] {
        var found: [ActionResult] = []
        var seen: Set<Digest> = []
        for shard in try namesInFolder("\(path)/signatures") {
            for name in try namesInFolder("\(path)/signatures/\(shard)") {
                guard name.count > 62, let digest = try? Digest(hex: shard + name.prefix(62)),
                    seen.insert(digest).inserted
                else { continue }
                for candidate in try candidates(for: digest, layer: 0)
                where result(candidate, isSignedBy: key) { found.append(candidate) }
            }
        }
        return found
    }

    private func result(_ result: ActionResult, isSignedBy key: VerifyingKey) -> Bool {
        guard let signed = try? signed(result),
            let envelope = result.envelope(signed.signatures)
        else { return false }
        return !envelope.signers(among: [key]).isEmpty
    }

    /// Removes the signatures of results that are gone.
    ///
    /// - Returns: the bytes that they took.
    func removeSignatures(keeping keys: Set<Digest>, dryRun: Bool) throws -> Int {
        var bytes = 0
        for shard in try namesInFolder("\(path)/signatures") {
            for name in try namesInFolder("\(path)/signatures/\(shard)") {
                if let key = try? Digest(hex: shard + name.prefix(62)), keys.contains(key) {
                    continue
                }
                let file = "\(path)/signatures/\(shard)/\(name)"
                var status = stat()
                if unsafe lstat(file, &status) == 0 { bytes += Int(status.st_size) }
                if !dryRun { try removeTree(file) }
            }
        }
        return bytes
    }
}
