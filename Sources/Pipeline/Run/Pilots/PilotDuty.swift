import Canon

/// What a pilot is there for.
package struct PilotDuty: Sendable {
    /// The pilot's name in its run: the job, or the host and the process.
    package let name: String
    /// The machine that it is on.
    package let node: String
    /// The class of the actions that it executes; `nil` for one that was given its actions by their names.
    package let need: NeedClass?
    /// How long it stays when nothing is to be done for it, in seconds.
    package let idle: Double
    /// When its time is over; `nil` where that is not known.
    package let end: ContinuousClock.Instant?

    /// Names a duty.
    package init(
        name: String, node: String, need: NeedClass?, idle: Double, end: ContinuousClock.Instant?
    ) {
        self.name = name
        self.node = node
        self.need = need
        self.idle = idle
        self.end = end
    }

    /// For the record of its run: no part of any key.
    func json(ofRun run: String) -> JSON {
        ["job": .string(name), "node": .string(node), "run": .string(run)]
    }

    /// Whether it is there for actions of a class.
    func takes(_ other: NeedClass) -> Bool { need.map { $0 == other } ?? true }

    /// Whether an action with a limit of time can end before the pilot has to.
    func hasTime(for seconds: Double?, at now: ContinuousClock.Instant = .now) -> Bool {
        guard let end, let seconds else { return true }
        return now + .seconds(seconds) <= end
    }
}
