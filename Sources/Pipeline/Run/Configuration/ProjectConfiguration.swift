import Experiment
package import LocalStore
import System
package import Trust

/// `bitlaw.yaml` at the top of a project: where its stores and remotes are, and whose results count.
package struct ProjectConfiguration: Sendable {
    /// A store to read from.
    package struct Layer: Sendable, Equatable {
        /// Its folder.
        package var path: String
        /// Whose results are used from it.
        package var trust = TrustRule.any
    }

    /// The store, relative to the project; `nil` for the default.
    package var store: String?
    /// Whose results are used from the store itself.
    package var trust = TrustRule.any
    /// Further stores to read from.
    package var layers: [Layer] = []
    /// Remotes, in the order in which they are asked.
    package var remotes: [RemoteConfiguration] = []
    /// Public keys that the project brings along.
    package var keys: [String: VerifyingKey] = [:]

    /// The folders of further stores.
    package var stores: [String] { layers.map { $0.path } }

    /// Reads the file; without one, everything is as by default.
    ///
    /// - Throws: ``ExperimentError`` with the place of a mistake.
    package static func load(project: String) throws -> ProjectConfiguration {
        let path = "\(project)/bitlaw.yaml"
        guard let bytes = try readWholeFile(path) else { return ProjectConfiguration() }
        let reader = try YAMLReader(path: path, bytes: bytes)
        let diagnostics = Diagnostics(source: reader.source)
        let configuration = ConfigurationReader(project: project, diagnostics: diagnostics)
            .read(try reader.read())
        try diagnostics.throwIfAny()
        return configuration
    }

    /// Whether any store asks for signatures, so that keys have to be read.
    package var hasPolicies: Bool { trust != .any || layers.contains { $0.trust != .any } }

    /// The remotes that `run` asks for what is missing.
    package var readRemotes: [RemoteConfiguration] { remotes.filter { $0.isRead } }

    /// The policies of the store and its layers, in that order, then of the remotes by name.
    ///
    /// - Throws: ``OperationalError`` for a signer that nobody knows.
    package func policies(_ keyStore: KeyStore, also: Int) throws -> [TrustPolicy] {
        let named = try layers.map { try $0.trust.policy(keyStore, keys) }
        return [try trust.policy(keyStore, keys)]
            + Array(repeating: .any, count: also) + named
    }
}

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
}

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
