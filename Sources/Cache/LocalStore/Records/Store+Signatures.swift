import Canon
import Glibc
package import System
package import Trust

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
        for start in stride(from: 0, to: signed.count, by: 4096) {
            let some = signed[start..<min(start + 4096, signed.count)]
            let batch = try DraftBatch(self, area: "signatures", expecting: some.count)
            try batch.add(try some.flatMap { try newFiles($0, batch) }) {
                ($0.key, $0.suffix)
            } bytes: {
                $0.envelope.json.canonical()
            }
            try batch.synchronize()
            try batch.move { _, draft in
                try place(draft.path, at: draft.target, replacing: true)
            }
        }
    }

    /// The files of a result's signatures that are not there yet.
    private func newFiles(_ signed: SignedResult, _ batch: DraftBatch) throws -> [(
        key: Digest, suffix: String, envelope: DSSEEnvelope
    )] {
        let result = signed.result
        let folder = Store.folder(path, result.key)
        let statement = Digest(of: result.statement.json.canonical().span).hex.prefix(16)
        return signed.signatures.compactMap { signature in
            guard let envelope = result.envelope([signature]) else { return nil }
            let suffix = ".\(statement)-\(Store.digits(of: signature)).json"
            if batch.hasShard(of: result.key),
                unsafe access("\(folder)/\(result.key.hex.dropFirst(2))\(suffix)", F_OK) == 0
            {
                return nil
            }
            return (result.key, suffix, envelope)
        }
    }

    /// The digits in a file's name that tell this signature from others.
    static func digits(of signature: DSSEEnvelope.Signature) -> Substring {
        Digest(of: (Array(signature.keyID.utf8) + signature.bytes).span).hex.prefix(16)
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
                let bytes = try? readWholeFile(
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
    package func signed(_ result: ActionResult, layer: Int = 0, _ listing: inout FolderListing)
        throws
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
        try removeFiles(in: "signatures", dryRun: dryRun) { _, key in
            !(key.map(keys.contains) ?? false)
        }
    }
}
