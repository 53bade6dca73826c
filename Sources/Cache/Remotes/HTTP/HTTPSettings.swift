package import System

/// How a server is spoken to.
package struct HTTPSettings: Sendable, Equatable {
    /// What proves to the server who asks.
    package enum Credentials: Sendable, Equatable {
        /// Nothing but what `~/.netrc` (or the file named by `NETRC`) has for the host.
        case netrc
        /// A token, sent as `Authorization: Bearer`.
        case bearer(String)
        /// A name and a password.
        case basic(user: String, password: String)
    }

    /// The credentials.
    package var credentials: Credentials
    /// How many requests at once.
    package var parallel: Int
    /// Seconds without a kilobyte a second before an attempt counts as failed.
    package var patience: Int
    /// How many further attempts a request gets.
    package var retries: Int
    /// Milliseconds before the first further attempt; doubles with each.
    package var backoff: Int
    /// Where the person's netrc file and certificates are: `NETRC`, `HOME`, `SSL_CERT_FILE`.
    package var person: EnvironmentVariables

    /// Names settings.
    package init(
        credentials: Credentials = .netrc, parallel: Int = 16, patience: Int = 30, retries: Int = 3,
        backoff: Int = 500, person: EnvironmentVariables = EnvironmentVariables()
    ) {
        self.credentials = credentials
        self.parallel = parallel
        self.patience = patience
        self.retries = retries
        self.backoff = backoff
        self.person = person
    }
}

extension HTTPSettings {
    /// Header lines of every request.
    var headers: [String] {
        guard case .bearer(let token) = credentials else { return [] }
        return ["Authorization: Bearer \(token)"]
    }
}

/// Scheme, host and port of an address: what credentials belong to.
struct HTTPOrigin: Equatable {
    let text: String

    /// Whether what is sent travels encrypted.
    let isEncrypted: Bool
    /// The host alone.
    private let host: Substring

    /// Reads the origin of an absolute http or https address.
    ///
    /// Nothing but a host and a port may stand before the path: programs disagree about which host
    /// `http://one\@two/` and its like mean, and such an address means none here.
    init?(_ url: String) {
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else { return nil }
        let authority = lower.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        let isPlain = authority.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x3A) || ($0 >= 0x61 && $0 <= 0x7A) || "-._~%[]".utf8.contains($0)
        }
        guard !authority.isEmpty, isPlain else { return nil }
        text = scheme + authority
        isEncrypted = scheme == "https://"
        host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
    }

    /// Whether what is sent stays on this machine.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether nobody on the way reads what is sent.
    var isPrivate: Bool { isEncrypted || isLoopback }
}
