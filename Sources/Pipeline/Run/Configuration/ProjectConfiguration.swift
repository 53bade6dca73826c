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
        guard let root = try reader.readIfAny() else { return ProjectConfiguration() }
        let configuration = ConfigurationReader(project: project, diagnostics: diagnostics)
            .read(root)
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
