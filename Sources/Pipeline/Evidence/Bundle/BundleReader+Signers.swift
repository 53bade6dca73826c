package import Canon
import Experiment
package import LocalStore
import Run
import System
package import Trust

/// Who vouches for what a bundle holds.
extension BundleReader {
    /// A result with the signatures that the bundle has of it; none of them is checked yet.
    package func signed(_ result: ActionResult) -> SignedResult {
        SignedResult(result, signatures: signatures[result.key] ?? [])
    }

    /// Counts the signed audits by some keys, and compares them with the results.
    ///
    /// What a key says of other bits than the result's becomes a problem.
    /// - Throws: ``OperationalError`` `malformed` for one that is no signed audit.
    package mutating func agreement(keys: [VerifyingKey]) throws -> Agreement {
        let agreement = try Agreement(attestations, keys: keys)
        for one in agreement.forged {
            note("\(one.path): the signature by \(one.signer.short) does not verify")
        }
        for action in agreement.actions {
            guard let result = results[action.key] else { continue }
            for group in action.groups where group.outputs != BundleReader.outputs(of: result) {
                let signers = counted(group.signers.count, "signer attests", "signers attest")
                note("\(action.name): \(signers) other bits than the result")
            }
        }
        return agreement
    }

    /// Notes every signature that says it is by one of these keys, and is not.
    ///
    /// - Complexity: a verification for each such signature.
    package mutating func checkSignatures(by keys: [VerifyingKey]) {
        for key in signatures.keys.sorted() {
            guard let result = results[key] else { continue }
            for one in signatures[key] ?? [] {
                guard let signer = keys.first(where: { $0.id.hex == one.keyID }),
                    result.envelope([one])?.signers(among: [signer]).isEmpty == true
                else { continue }
                note("\(name(key)): the signature by \(signer.id.short) does not verify")
            }
        }
    }

    /// The keys among these whose owners signed exactly this result, or an audit that made these bits.
    package func vouchers(
        for result: ActionResult, among keys: [VerifyingKey], agreement: Agreement
    ) -> Set<Digest> {
        let envelope =
            signed(result).signatures.isEmpty ? nil : result.envelope(signed(result).signatures)
        let direct = envelope?.signers(among: keys).map { $0.id } ?? []
        let audits = agreement.actions.first { $0.key == result.key }?.groups
            .first { $0.outputs == BundleReader.outputs(of: result) }?.signers
        return Set(direct).union(audits ?? [])
    }

    /// What is signed by nobody here may come from a key that is trusted later, so some of it is kept.
    private static let mostUnknown = 32

    /// The signatures of a result that a store keeps: those that verify, and a few by keys unknown here.
    ///
    /// A bundle from outside may carry hundreds of worthless ones, each of which would cost every reader
    /// of the store a verification.
    func worthKeeping(_ result: ActionResult, known keys: [VerifyingKey])
        -> [DSSEEnvelope.Signature]
    {
        let ids = Dictionary(keys.map { ($0.id.hex, $0) }) { first, _ in first }
        var unknown = 0
        return (signatures[result.key] ?? []).filter { one in
            if let key = ids[one.keyID] {
                return result.envelope([one])?.signers(among: [key]).isEmpty == false
            }
            unknown += 1
            return unknown <= BundleReader.mostUnknown
        }
    }

    private static func outputs(of result: ActionResult) -> [ResultList.Output] {
        result.outputs.map { ResultList.Output(name: $0.name, digest: $0.digest) }
    }
}
