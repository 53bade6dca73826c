/// What a run may do, by itself or because the reader of its project said so.
package struct RunConsent: Sendable, Equatable {
    /// How it may start the programs that stages name; `nil` where it may not.
    package var programs: ProgramConfinement?
    /// The servers of this machine or its network from which it may download, as ``PrivateServers`` takes
    /// them.
    package var addresses: [String]
    /// Whether confined programs that ask for it reach the network.
    package var hasNetwork: Bool

    /// Nothing but what every project may, where no program can be confined.
    package static let none = RunConsent(programs: nil, addresses: [])

    /// Whether a program that reaches the network, or does not, may be started.
    package func allows(networked: Bool) -> Bool {
        programs != nil && (!networked || hasNetwork || programs == .unconfined)
    }

    /// Names what it may do.
    package init(programs: ProgramConfinement?, addresses: [String], hasNetwork: Bool = false) {
        self.programs = programs
        self.addresses = addresses
        self.hasNetwork = hasNetwork
    }
}
