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

    /// The file with the secret of the account, which only a person's own configuration names.
    package var accountSecret: String?
    /// What the person says of the programs of all projects.
    var programs = ProgramPolicy.asked
    /// Places outside of projects that the person lets every project read.
    package var places: [String] = []
    /// Hosts of this machine or its network that the person lets every project send requests to.
    package var addresses: [String] = []

    /// Where actions are executed besides this machine, as the person's own configuration says.
    package var executors: [ExecutorConfiguration] = []

    /// The folders of further stores.
    package var stores: [String] { layers.map { $0.path } }

    /// What the project's file asks for, and its reader did not approve: all of it is left out above.
    package var withheld: [Power] = []
    /// The remotes among ``withheld``.
    package var withheldRemotes: [RemoteConfiguration] = []

    /// Reads a file of this form; without one, everything is as by default.
    ///
    /// - Throws: ``ExperimentError`` with the place of a mistake.
    static func read(_ path: String, relativeTo folder: String, isPersonal: Bool) throws
        -> ProjectConfiguration
    {
        guard let bytes = try readWholeFile(path, limit: largestFile) else {
            return ProjectConfiguration()
        }
        let reader = try YAMLReader(path: path, bytes: bytes)
        let diagnostics = Diagnostics(source: reader.source)
        guard let root = try reader.readIfAny() else { return ProjectConfiguration() }
        let configuration = ConfigurationReader(
            project: folder, isPersonal: isPersonal, diagnostics: diagnostics
        ).read(root)
        try diagnostics.throwIfAny()
        return configuration
    }

    /// The most bytes of such a file.
    private static let largestFile = 16 << 20

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
