/// Whose results are used.
package struct TrustPolicy: Equatable, Sendable {
    /// How many distinct signers a result needs; 0 takes any result.
    package let required: Int
    /// The signers that count, by the names that people gave them.
    package let signers: [String: VerifyingKey]
    /// Names among them whose keys are revoked: they count no more.
    package let revoked: [String]

    /// Takes every result.
    package static let any = TrustPolicy(required: 0, signers: [:])

    /// Asks for so many of these signers.
    package init(required: Int, signers: [String: VerifyingKey], revoked: [String] = []) {
        self.required = required
        self.signers = signers
        self.revoked = revoked.sorted()
    }

    /// Whether a result needs no signature.
    package var takesAny: Bool { required == 0 }

    /// The names of the distinct signers of a result, among those that count.
    ///
    /// One key under two names counts once.
    package func approvers(of signed: SignedResult) -> [String] {
        guard let envelope = signed.result.envelope(signed.signatures) else { return [] }
        let keys = envelope.signers(among: Array(signers.values))
        return keys.compactMap { key in signers.filter { $0.value == key }.keys.min() }.sorted()
    }

    /// Whether a result may be used.
    package func accepts(_ signed: SignedResult) -> Bool {
        takesAny || approvers(of: signed).count >= required
    }

    /// What was expected and found, for the message that refuses a result.
    package func refusal(of signed: SignedResult) -> String {
        let found = approvers(of: signed)
        let foundText =
            found.isEmpty
            ? (signed.signatures.isEmpty
                ? "no signature"
                : "\(signed.signatures.count == 1 ? "a signature" : "signatures") by nobody of them")
            : found.joined(separator: ", ")
        return "expected \(text), found \(foundText)"
    }

    /// The policy in words.
    package var text: String {
        if takesAny { return "any result" }
        let names = signers.keys.sorted().joined(separator: ", ")
        let gone =
            revoked.isEmpty ? "" : " (revoked: \(revoked.joined(separator: ", ")))"
        return "signatures by \(required) of \(names.isEmpty ? "nobody" : names)\(gone)"
    }
}

/// A result that a policy did not let through.
package struct Refusal: Equatable, Sendable {
    /// The store or remote that has it.
    package let origin: String
    /// Its action key.
    package let key: Digest
    /// What was expected and found.
    package let reason: String
}
