package import LocalStore
package import Trust

/// How many signatures of whom a result needs, by names.
package struct TrustRule: Sendable, Equatable {
    /// How many; 0 takes any result.
    package var required: Int
    /// The names that count.
    package var signers: [String]

    /// Takes any result.
    package static let any = TrustRule(required: 0, signers: [])

    /// The rule over keys.
    package func policy(_ keyStore: KeyStore, _ project: [String: VerifyingKey]) throws
        -> TrustPolicy
    {
        required == 0
            ? .any : try keyStore.policy(required: required, of: signers, project: project)
    }

    /// Whether whatever this rule lets through, the other lets through too.
    package func isAtLeastAsStrict(as other: TrustRule) -> Bool {
        if other.required == 0 { return true }
        return required >= other.required && Set(signers).isSubset(of: other.signers)
    }

    /// The rule in words, whole.
    package var text: String {
        if required == 0 { return "any result" }
        let names = Set(signers).sorted().joined(separator: ", ")
        return "results with \(required) of the signatures of \(names)"
    }
}
