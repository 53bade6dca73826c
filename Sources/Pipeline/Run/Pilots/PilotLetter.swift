package import Canon

/// What a pilot with a store of its own tells its front end through the remote: all since its last letter.
package struct PilotLetter: Sendable {
    /// An action that gave no result.
    package struct Lost: Sendable {
        /// Its key.
        package let key: Digest
        /// How it failed; `nil` where it was interrupted, and another pilot goes on with it.
        package let failure: ClusterFolder.Failure?
        /// The blob with its whole log; `nil` where it printed nothing.
        package let log: Digest?

        /// Names what was lost.
        package init(key: Digest, failure: ClusterFolder.Failure?, log: Digest?) {
            self.key = key
            self.failure = failure
            self.log = log
        }

        fileprivate init?(_ json: JSON) {
            guard let key = json["key"]?.text.flatMap({ try? Digest(hex: $0) }) else { return nil }
            self.init(
                key: key, failure: json["failure"].flatMap(ClusterFolder.Failure.init),
                log: json["log"]?.text.flatMap { try? Digest(hex: $0) })
        }

        fileprivate var json: JSON {
            [
                "key": .string(key.hex), "failure": failure?.json ?? .null,
                "log": log.map { .string($0.hex) } ?? .null,
            ]
        }
    }

    /// The lines of its file of events.
    package private(set) var events: [JSON] = []
    /// What it printed.
    package var printed = ""
    /// The actions that gave no result.
    package var lost: [Lost] = []

    /// A letter that tells nothing.
    package init() {}

    /// Reads a letter; `nil` where it is none.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let lines = json["events"]?.elements else {
            return nil
        }
        events = lines
        printed = json["printed"]?.text ?? ""
        lost = (json["lost"]?.elements ?? []).compactMap(Lost.init)
    }

    /// Whether it tells nothing.
    package var isEmpty: Bool { events.isEmpty && printed.isEmpty && lost.isEmpty }

    /// Adds an event; of the steps of an action only the last is told.
    package mutating func add(_ event: JSON) {
        if event["event"]?.text == "progress" {
            events.removeAll {
                $0["event"]?.text == "progress" && $0["action"] == event["action"]
            }
        }
        events.append(event)
    }

    /// The letter as it stands at the remote.
    package var bytes: [UInt8] {
        JSON.object([
            "events": .array(events), "printed": .string(printed),
            "lost": .array(lost.map { $0.json }),
        ]).canonical()
    }

    /// Whether the pilot says in it that it leaves.
    var isLast: Bool { events.last?["event"]?.text == "left" }
}
