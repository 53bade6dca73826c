package import Canon

/// The secret of an account: 32 bytes that stand in no store and never leave the account.
///
/// What it authenticates was made by commands of this account, for nobody else can make the codes.
package struct AccountSecret: Sendable {
    /// What is authenticated; each has codes of its own, so that none passes for one of another.
    package enum Subject: String, Sendable {
        /// The result of an action, by its own digest.
        case result = "bitlaw/made/result/1"
        /// The record of a run, by the digest of its bytes.
        case record = "bitlaw/made/record/1"
        /// The kept states of an action, by its key.
        case states = "bitlaw/made/states/1"
        /// The receipt of a run, by the digest of its bytes.
        case receipt = "bitlaw/made/receipt/1"
    }

    /// How many bytes it has.
    package static let count = 32

    /// The bytes, for the file that they stand in.
    package let bytes: [UInt8]

    /// Makes a secret from the kernel's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<AccountSecret.count).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
    }

    /// Takes the bytes of a secret; `nil` for another number of them.
    package init?(bytes: [UInt8]) {
        guard bytes.count == AccountSecret.count else { return nil }
        self.bytes = bytes
    }

    /// What the account writes on what it made.
    package func code(_ subject: Subject, _ digest: Digest) -> AuthenticationCode {
        AuthenticationCode(of: Array("\(subject.rawValue)\n\(digest.hex)\n".utf8), key: bytes)
    }

    /// The key of an action's kept states: all that a worker is told of the secret.
    package func stateKey(for action: Digest) -> StateKey { StateKey(code(.states, action)) }
}
