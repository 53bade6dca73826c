/// A remote, as the configuration names it.
package struct RemoteConfiguration: Sendable, Equatable {
    /// How it is reached.
    package enum Address: Sendable, Equatable {
        /// A store in a folder.
        case folder(String)
        /// A server.
        case url(String)
        /// What rclone calls `remote:path`.
        case rclone(String)
    }

    /// Where a secret comes from; it never stands in the file itself.
    package enum Secret: Sendable, Equatable {
        /// An environment variable.
        case variable(String)
        /// The first line of a file.
        case file(String)
    }

    /// Its name.
    package var name: String
    /// How it is reached.
    package var address: Address
    /// Whose results are taken from it.
    package var trust = TrustRule.any
    /// The share of what is pulled that is made again and compared.
    package var spotCheck = 0.0
    /// Whether `run` asks it for results that are missing.
    package var isRead = true
    /// A bearer token.
    package var token: Secret?
    /// The name that goes with ``password``.
    package var user: String?
    /// A password.
    package var password: Secret?
    /// The largest blob that is taken.
    package var largestBlob = 64 << 30
    /// Requests at once.
    package var parallel = 16
    /// Seconds without progress that a request is given.
    package var patience = 30
    /// Further attempts of a request.
    package var retries = 3

    /// Names a remote.
    package init(name: String, address: Address) {
        self.name = name
        self.address = address
    }
}
