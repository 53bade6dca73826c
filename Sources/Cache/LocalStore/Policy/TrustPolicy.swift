package import Trust

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
        let others = signed.signatures.count - found.count
        var text = found.isEmpty ? "none of them" : found.joined(separator: ", ")
        if others > 0 { text += " (and \(others) that \(others == 1 ? "does" : "do") not count)" }
        return "expected \(self.text), found \(text)"
    }

    /// The policy in words.
    package var text: String {
        if takesAny { return "any result" }
        let names = signers.keys.sorted().joined(separator: ", ")
        let gone =
            revoked.isEmpty ? "" : " (revoked: \(revoked.joined(separator: ", ")))"
        return "\(required == 1 ? "a signature" : "\(required) signatures") by "
            + "\(names.isEmpty ? "nobody who is left" : names)\(gone)"
    }
}
