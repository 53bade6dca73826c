package import Canon
package import System

/// A file that somebody vouches for: its name and its digest, in a signed statement beside it.
///
/// The statement is an in-toto Statement in a DSSE envelope. It has a type of its own, so that the
/// signature of a file never counts as the signature of a result.
package enum SignedFile {
    /// What the predicate means: its signer vouches for the file, and claims nothing else.
    package static let predicateType = "urn:bitlaw:file:1"
    /// What the statement of `FILE` is called: `FILE` and this.
    package static let suffix = ".dsse"

    /// The statement of a file, signed.
    package static func envelope(
        name: String, digest: Digest, key: SigningKey
    ) -> DSSEEnvelope {
        Statement(
            subjects: [Statement.Subject(name: name, digest: digest)],
            predicateType: predicateType, predicate: [:]
        ).signed(with: key)
    }

    /// The digest that a statement's signers vouch for.
    ///
    /// - Throws: ``OperationalError`` `malformed`, where the statement is about anything but this file.
    package static func digest(
        in envelope: DSSEEnvelope, name: String, origin: String
    ) throws(OperationalError) -> Digest {
        let statement = try Statement(in: envelope, origin: origin)
        guard statement.predicateType == predicateType, statement.subjects.count == 1,
            let subject = statement.subjects.first, subject.name == name
        else {
            throw OperationalError(
                code: .malformed,
                message:
                    "\(origin): expected a statement about the file \(name), found one of type "
                    + "\(statement.predicateType) about "
                    + statement.subjects.map(\.name).joined(separator: ", "),
                remedy: "get the statement of this file; `bitlaw keys sign` makes it")
        }
        return subject.digest
    }
}
