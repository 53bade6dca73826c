/// What a run may do because the reader of its project said so.
package struct RunConsent: Sendable, Equatable {
    /// Whether it may start the programs that stages name.
    package var startsPrograms: Bool
    /// The servers of this machine or its network from which it may download, as ``PrivateServers`` takes
    /// them.
    package var addresses: [String]

    /// Nothing but what every project may.
    package static let none = RunConsent(startsPrograms: false, addresses: [])

    /// Names what it may do.
    package init(startsPrograms: Bool, addresses: [String]) {
        self.startsPrograms = startsPrograms
        self.addresses = addresses
    }
}
