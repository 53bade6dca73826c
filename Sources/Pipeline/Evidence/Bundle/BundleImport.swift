import Canon
package import LocalStore
import System
package import Trust

/// Takes the results of a bundle into a store.
package enum BundleImport {
    /// A result that was not taken.
    package struct Refused: Sendable, Equatable {
        /// The action.
        package let name: String
        /// What was expected and found.
        package let reason: String
    }

    /// What an import did.
    package struct Outcome: Sendable, Equatable {
        /// Results that the store has now and had not before.
        package var stored = 0
        /// Results that it had with the same bits.
        package var known = 0
        /// Actions whose result the store has with other bits: both are kept.
        package var conflicts: [String] = []
        /// Actions whose result was not accepted, and why.
        package var refused: [Refused] = []
        /// Blobs that were written.
        package var blobs = 0
    }

    /// Copies what a checked bundle holds: blobs first, then results.
    ///
    /// The file is read a second time, and every blob is checked again: it may have changed since.
    /// Nothing outside the store is written, whatever the names are. Blobs become durable in groups,
    /// each before any result that names it; what ends in between leaves whole blobs and no result.
    ///
    /// The store's policy of trust decides first: a result without the signatures that it asks for (in
    /// the bundle, or in the store already) is not taken, and none of its bytes are. Signatures are
    /// there before the result that they are of, also where the store has had the result.
    ///
    /// - Parameters:
    ///   - bundle: the bundle as it was checked, without problems.
    ///   - path: the file.
    ///   - store: where to.
    ///   - limits: what it may cost.
    ///   - known: every key that is known here; what says it is by one of them and is not, is dropped.
    ///   - refusal: why a result may not be used beyond the store's policy; `nil` where it may.
    /// - Returns: what was taken, known, refused.
    /// - Throws: ``OperationalError``.
    package static func run(
        _ bundle: BundleReader, path: String, into store: Store,
        limits: ArchiveLimits = ArchiveLimits(), known: [VerifyingKey] = [],
        refusal: (ActionResult) -> String?
    ) throws -> Outcome {
        guard bundle.problems.isEmpty, !bundle.isMetaOnly else {
            throw OperationalError(
                code: .malformed,
                message: "\(path): expected a good bundle with its data, found "
                    + (bundle.problems.first ?? "one without data (--meta-only)"),
                remedy: "bitlaw bundle verify \(path) lists what is wrong")
        }
        var outcome = Outcome()
        let accepted = try accept(bundle, into: store, refusal, &outcome)
        var wanted = bundle.sources
        for result in accepted {
            wanted.formUnion(result.outputs.map { $0.digest })
            for output in result.outputs where output.isTree {
                wanted.formUnion(bundle.trees[output.digest]?.blobs.map { $0.digest } ?? [])
            }
            if let log = result.log { wanted.insert(log) }
        }
        let keys = Set(accepted.map { $0.key })
        let archive = try TarReader(path: path, limits: limits)
        let intake = try BlobIntake(store, expecting: wanted.count + keys.count)
        while let (name, size) = try archive.next() {
            guard let digest = digest(of: name, keys: keys, wanted: wanted),
                !store.contains(digest)
            else { continue }
            if let reason = try intake.take(archive, digest, size: size) {
                throw OperationalError(
                    code: .malformed, message: "\(path): \(name): \(reason)",
                    remedy: "leave the file alone while it is read, then try again")
            }
        }
        try intake.finish()
        outcome.blobs = intake.count
        let whole = try accepted.filter { try store.isWhole($0) }
        let signed = whole.map {
            SignedResult($0, signatures: bundle.worthKeeping($0, known: known))
        }
        try store.add(signaturesOf: signed)
        for (result, publication) in zip(whole, try store.publish(whole)) {
            switch publication {
            case .stored: outcome.stored += 1
            case .alreadyThere: outcome.known += 1
            case .conflict: outcome.conflicts.append(bundle.names[result.key] ?? result.key.hex)
            }
        }
        return outcome
    }

    /// The results that the store's policy and the caller let in, ordered by key.
    private static func accept(
        _ bundle: BundleReader, into store: Store, _ refusal: (ActionResult) -> String?,
        _ outcome: inout Outcome
    ) throws -> [ActionResult] {
        var accepted: [ActionResult] = []
        let policy = store.trust(ofLayer: 0)
        for key in bundle.results.keys.sorted() {
            guard let result = bundle.results[key] else { continue }
            // Those of the store first: there is room for so many, and a bundle may be full of others.
            var signed = SignedResult(
                result, signatures: policy.takesAny ? [] : try store.signatures(of: result))
            signed.add(bundle.signed(result).signatures)
            let reason = policy.accepts(signed) ? refusal(result) : policy.refusal(of: signed)
            if let reason {
                outcome.refused.append(Refused(name: bundle.name(key), reason: reason))
            } else {
                accepted.append(result)
            }
        }
        outcome.refused.sort { $0.name < $1.name }
        return accepted
    }

    /// The blob that a file of the bundle is, if it is wanted.
    private static func digest(of name: String, keys: Set<Digest>, wanted: Set<Digest>) -> Digest? {
        if name.hasPrefix("data/"), let digest = try? Digest(hex: String(name.dropFirst(5))) {
            return wanted.contains(digest) ? digest : nil
        }
        if name.hasPrefix("keys/"), name.hasSuffix(".json"),
            let key = try? Digest(hex: String(name.dropFirst(5).dropLast(5)))
        {
            return keys.contains(key) ? key : nil
        }
        return nil
    }
}
