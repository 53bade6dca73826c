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

    /// Names settings.
    package init(
        credentials: Credentials = .netrc, parallel: Int = 16, patience: Int = 30, retries: Int = 3,
        backoff: Int = 500
    ) {
        self.credentials = credentials
        self.parallel = parallel
        self.patience = patience
        self.retries = retries
        self.backoff = backoff
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

    /// Reads the origin of an absolute http or https address.
    init?(_ url: String) {
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else { return nil }
        let rest = lower.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !host.isEmpty else { return nil }
        text = scheme + host
    }

    /// Whether what is sent stays on this machine.
    var isLoopback: Bool {
        let host = text.drop { $0 != "/" }.dropFirst(2)
        return host.hasPrefix("127.") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
    }
}
