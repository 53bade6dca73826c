package import Canon

/// Authenticates the kept states of one action; it follows from the account's secret, and not the other way.
package struct StateKey: Sendable, Equatable {
    private let code: AuthenticationCode

    /// Takes the account's code of the action.
    init(_ code: AuthenticationCode) { self.code = code }

    /// Reads 64 hexadecimal digits; `nil` for anything else.
    package init?(hex: String) {
        guard let code = AuthenticationCode(hex: hex) else { return nil }
        self.code = code
    }

    /// The 64 hexadecimal digits.
    package var hex: String { code.hex }

    /// What is written beside the folder of this identity, in which a program keeps its checkpoints.
    package func code(ofFolder identity: String) -> AuthenticationCode {
        AuthenticationCode(
            of: Array("bitlaw/made/folder/1\n\(identity)\n".utf8), key: code.bytes)
    }

    /// What is written on a state of a digest and so many bytes.
    package func code(of state: Digest, size: Int) -> AuthenticationCode {
        AuthenticationCode(
            of: Array("bitlaw/made/state/1\n\(state.hex)\n\(size)\n".utf8), key: code.bytes)
    }
}
