import Canon
package import Trust

/// A result and the signatures that came with it.
package struct SignedResult: Equatable, Sendable {
    /// The result.
    package let result: ActionResult
    /// Signatures of its statement, each by what says it is another key; none of them is checked.
    package private(set) var signatures: [DSSEEnvelope.Signature]

    /// Joins a result and signatures.
    package init(_ result: ActionResult, signatures: [DSSEEnvelope.Signature] = []) {
        self.result = result
        self.signatures = []
        add(signatures)
    }

    /// Adds signatures that are not there yet.
    ///
    /// Anything beyond the bounds is left out: each costs whoever checks the result a verification.
    package mutating func add(_ others: [DSSEEnvelope.Signature]) {
        for other in others
        where !signatures.contains(other) && signatures.count < DSSEEnvelope.mostSignatures
            && signatures.count(where: { $0.keyID == other.keyID }) < 8
        {
            signatures.append(other)
        }
        signatures.sort { ($0.keyID, hexText($0.bytes)) < ($1.keyID, hexText($1.bytes)) }
    }
}
