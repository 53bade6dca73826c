/// What a run may do, by itself or because the reader of its project said so.
package struct RunConsent: Sendable, Equatable {
    /// How it may start the programs that stages name; `nil` where it may not.
    package var programs: ProgramConfinement?
    /// The servers of this machine or its network from which it may download, as ``PrivateServers`` takes
    /// them.
    package var addresses: [String]

    /// Nothing but what every project may, where no program can be confined.
    package static let none = RunConsent(programs: nil, addresses: [])

    /// Names what it may do.
    package init(programs: ProgramConfinement?, addresses: [String]) {
        self.programs = programs
        self.addresses = addresses
    }
}
