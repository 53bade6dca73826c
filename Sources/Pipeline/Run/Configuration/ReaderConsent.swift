import Remotes
package import System

/// What a person lets projects do: what their own configuration says for all of them, and what they approved
/// for each.
package struct ReaderConsent: Sendable {
    private let approvals: Approvals
    private let own: ProjectConfiguration

    /// Reads both.
    ///
    /// - Throws: ``OperationalError`` and ``ExperimentError`` for files that are not as expected.
    package init(of person: EnvironmentVariables) throws {
        approvals = try Approvals(of: person)
        own = try ProjectConfiguration.own(approvals)
    }

    /// Whether a project may use a power.
    package func isGiven(_ power: Power, to project: String) -> Bool {
        let isOwn =
            switch power {
            case .programs: own.programs != .asked
            case .place(let root): own.places.contains { ProjectReach.contains($0, root) }
            case .requests(let origin): PrivateServers(own.addresses).allow(origin)
            default: false
            }
        return isOwn || approvals.hasGiven(power, to: project)
    }

    /// What the runs of a project may do; `canConfine` tries whether programs can be confined here.
    package func ofRuns(in project: String, canConfine: () -> Bool) -> RunConsent {
        let programs: ProgramConfinement? =
            if own.programs == .unconfined {
                .unconfined
            } else if canConfine() {
                .confined
            } else {
                isGiven(.programs, to: project) ? .unconfined : nil
            }
        return RunConsent(
            programs: programs, addresses: own.addresses + approvals.servers(of: project),
            hasNetwork: isGiven(.network, to: project),
            variables: approvals.variables(of: project))
    }
}
