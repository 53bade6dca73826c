package import System

extension ProjectConfiguration {
    /// What holds for a project: the person's own `config.yaml`, and of the project's `bitlaw.yaml` what
    /// every project may, and what the person approved.
    ///
    /// - Throws: ``ExperimentError`` with the place of a mistake.
    package static func load(project: String, for person: EnvironmentVariables) throws
        -> ProjectConfiguration
    {
        let approvals = try Approvals(of: person)
        let own = try own(approvals)
        let theirs = try read("\(project)/bitlaw.yaml", relativeTo: project, isPersonal: false)
        let withheld = theirs.powers(in: project, beyond: own)
            .filter { !approvals.hasGiven($0, to: project) }
        if withheld.contains(where: { if case .mark = $0 { true } else { false } }) {
            var configuration = own
            configuration.withheld = withheld
            configuration.withheldRemotes = theirs.remotes
            return configuration
        }
        return own.with(theirs, without: withheld)
    }

    /// Everything that a project's folder asks for beyond what every project may; what its experiments ask
    /// for is not looked at, but for their programs, where they cannot be confined.
    package static func powers(
        askedBy project: String, of person: EnvironmentVariables, canConfine: Bool
    ) throws -> [Power] {
        let theirs = try read("\(project)/bitlaw.yaml", relativeTo: project, isPersonal: false)
        let repository = ProjectFolder.owner(of: "\(project)/.git").map {
            Power.mark(".git", ofAccount: $0)
        }
        return [Power.folder(project), canConfine ? nil : .programs, repository].compactMap { $0 }
            + theirs.powers(in: project, beyond: try own(Approvals(of: person)))
    }

    /// The file with the secret of the account that the person's own `config.yaml` names.
    package static func accountSecret(of person: EnvironmentVariables) throws -> String? {
        try own(Approvals(of: person)).accountSecret
    }

    /// Where a project has its store unless something else is said.
    package static func usualStore(of project: String) -> String { "\(project)/.cache" }

    /// The person's own `config.yaml`.
    static func own(_ approvals: Approvals) throws -> ProjectConfiguration {
        try read(
            "\(approvals.folder)/config.yaml", relativeTo: approvals.folder, isPersonal: true)
    }

    private func powers(in project: String, beyond own: ProjectConfiguration) -> [Power] {
        var powers: [Power] = []
        if let account = ProjectFolder.owner(of: "\(project)/bitlaw.yaml") {
            powers.append(.mark("bitlaw.yaml", ofAccount: account))
        }
        let place = store ?? ProjectConfiguration.usualStore(of: project)
        if !ProjectFolder.isInside(place, project) { powers.append(.store(place)) }
        if trust != .any, !trust.isAtLeastAsStrict(as: own.trust) {
            powers.append(.looserRule(trust, than: own.trust))
        }
        for layer in layers where !ProjectFolder.isInside(layer.path, project) {
            powers.append(.layer(layer.path, layer.trust))
        }
        return powers + remotes.filter { own.remote(at: $0.address) == nil }.map { $0.power }
    }

    /// Everybody whom a rule names.
    private var signers: Set<String> {
        Set(([trust] + layers.map { $0.trust } + remotes.map { $0.trust }).flatMap { $0.signers })
    }

    /// The remote at a place, by whatever spelling of it.
    package func remote(at address: RemoteConfiguration.Address) -> RemoteConfiguration? {
        remotes.first { $0.address.isSamePlace(as: address) }
    }

    /// The person's own configuration with what a project adds to it.
    private func with(_ theirs: ProjectConfiguration, without withheld: [Power])
        -> ProjectConfiguration
    {
        var both = self
        both.withheld = withheld
        if let store = theirs.store, !withheld.contains(.store(store)) { both.store = store }
        if theirs.trust != .any, !withheld.contains(.looserRule(theirs.trust, than: trust)) {
            both.trust = theirs.trust
        }
        both.layers += theirs.layers.filter { !withheld.contains(.layer($0.path, $0.trust)) }
        for remote in theirs.remotes where self.remote(at: remote.address) == nil {
            if withheld.contains(remote.power) {
                both.withheldRemotes.append(remote)
            } else {
                both.remotes.append(remote)
            }
        }
        // Whom the person's own rules name, no project says.
        both.keys.merge(theirs.keys.filter { !signers.contains($0.key) }) { own, _ in own }
        return both
    }
}

extension RemoteConfiguration {
    /// What using the remote asks for.
    var power: Power { .remote(name: name, address, trust) }
}
