package import Canon
import Experiment

/// What a run may do, by itself or because the reader of its project said so.
package struct RunConsent: Sendable, Equatable {
    /// How it may start the programs that stages name; `nil` where it may not.
    package var programs: ProgramConfinement?
    /// The servers of this machine or its network from which it may download, as ``PrivateServers`` takes
    /// them.
    package var addresses: [String]
    /// Whether confined programs that ask for it reach the network.
    package var hasNetwork: Bool
    /// The variables whose values confined programs are given where they ask for them, beside those whose
    /// names say that they are no secret.
    package var variables: Set<String>

    /// Nothing but what every project may, where no program can be confined.
    package static let none = RunConsent(programs: nil, addresses: [])

    /// Names what it may do.
    package init(
        programs: ProgramConfinement?, addresses: [String], hasNetwork: Bool = false,
        variables: Set<String> = []
    ) {
        self.programs = programs
        self.addresses = addresses
        self.hasNetwork = hasNetwork
        self.variables = variables
    }

    /// Whether the programs that it lets start are confined.
    package var confinesPrograms: Bool { programs != .unconfined }

    /// What the program of an action with these parameters needs beyond it, in the order in which it is told.
    ///
    /// A program that nothing confines has all of it.
    package func lacking(for parameters: [String: JSON]) -> [Power] {
        if !confinesPrograms { return [] }
        let isNetworked = ProgramParameters.isNetworked(parameters)
        let asked = ProgramParameters.passed(parameters).filter {
            !ProgramParameters.isOpen(variable: $0) && !variables.contains($0)
        }
        return (programs == nil ? [.programs] : []) + (isNetworked && !hasNetwork ? [.network] : [])
            + asked.map { .variable($0) }
    }
}
