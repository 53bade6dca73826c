import Glibc
import LocalStore
import Remotes
import Run
import System
import Trust

/// What the commands that speak to remotes share.
enum Sharing {
    /// The remotes that a run of a project asks for what is missing.
    static func readRemotes(of project: String) throws -> [RemoteConfiguration] {
        try ProjectConfiguration.load(project: project, for: .person).readRemotes
    }

    /// The command that fetches missing results for a run; empty where no remote is to be asked.
    ///
    /// One that is named is asked besides those of the project.
    static func transferCommand(project: String, _ remote: String? = nil) throws -> [String] {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        Consent.tell(configuration.withheld, project: project)
        if configuration.readRemotes.isEmpty && remote == nil { return [] }
        return ["/proc/self/exe", "transfer", "--project", project]
            + (remote.map { ["--remote", $0] } ?? [])
    }

    /// The remote of a name, path or address; without one, the only remote of the project.
    static func find(_ name: String?, _ option: String, project: String) throws
        -> RemoteConfiguration
    {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        guard let name else {
            if configuration.remotes.isEmpty, let remote = configuration.withheldRemotes.first {
                throw Consent.refusal(remote.name, project: project)
            }
            guard configuration.remotes.count == 1 else {
                let names = configuration.remotes.map { $0.name }
                throw UsageError(
                    text: names.isEmpty
                        ? "no remote is configured\n  fix: \(option) PATH-OR-URL, or `remotes:` in "
                            + "bitlaw.yaml"
                        : "several remotes are configured: \(names.joined(separator: ", "))\n"
                            + "  fix: \(option) \(names[0])")
            }
            return configuration.remotes[0]
        }
        if let remote = configuration.remotes.first(where: { $0.name == name }) { return remote }
        if configuration.withheldRemotes.contains(where: { $0.name == name }) {
            throw Consent.refusal(name, project: project)
        }
        let isThere = unsafe access(name, F_OK) == 0
        let authority = name.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        guard !name.prefix(4).lowercased().hasPrefix("http") || !authority.contains("@") else {
            throw UsageError(
                text: "\(option): the address has a name or password in it, which everyone on this "
                    + "machine can read from the command line\n  fix: put the credentials into "
                    + "~/.netrc, or name the remote in bitlaw.yaml with token: or password:")
        }
        guard isThere || name.contains("/") || name.contains(":") else {
            let names = configuration.remotes.map { $0.name }
            throw UsageError(
                text: "\(option) \(name): no remote of this name, and no such folder\n"
                    + "  expected: \((names + ["a path", "an address"]).joined(separator: ", "))")
        }
        var given = RemoteConfiguration(given: name, project: project)
        // Whatever a remote is called by, its rule and its credentials hold.
        if let known = configuration.remote(at: given.address) { return known }
        // A rule that nobody approved can only ask for more than none.
        let withheld = configuration.withheldRemotes.first {
            $0.address.isSamePlace(as: given.address)
        }
        if let withheld { given.trust = withheld.trust }
        return given
    }

    /// A remote with its policy.
    static func slot(_ remote: RemoteConfiguration, project: String, creating: Bool) throws
        -> RemoteSlot
    {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        let policy =
            remote.trust == .any
            ? .any : try remote.trust.policy(try KeyStore(), configuration.keys)
        return RemoteSlot(
            try remote.open(creating: creating, for: .person), trust: policy,
            largestBlob: remote.largestBlob)
    }

    /// How results are pushed: signed with the person's key, unless they are to be `unsigned` or there is
    /// none.
    static func pushOptions(unsigned: Bool, project: String) throws -> PushOptions {
        var push = PushOptions()
        let keys = try KeyStore()
        push.signer = unsigned ? nil : try keys.signingKey()
        push.account = push.signer == nil ? nil : try Account.known()
        push.known = try knownKeys(keys, project: project)
        return push
    }

    /// Every key that counts here: the person's own, those that they trust, and the project's.
    static func knownKeys(_ keys: KeyStore, project: String) throws -> [VerifyingKey] {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        return Set(Array(keys.trusted.values) + Array(configuration.keys.values))
            .filter { !keys.isRevoked($0) }.sorted { $0.id < $1.id }
    }

    /// Remotes that open; what is in the way of the others is said once.
    static func slots(_ remotes: [RemoteConfiguration], project: String) throws -> [RemoteSlot] {
        try remotes.compactMap { remote in
            do {
                return try slot(remote, project: project, creating: false)
            } catch let error as OperationalError where error.code == .remote {
                Output.error("warning: \(error); going on without it\n")
                return nil
            }
        }
    }
}
