import Canon
package import Experiment
import Remotes

/// What actions of an experiment ask for beyond what every project may.
package struct ActionPowers {
    /// A power, and the stages for which it is needed.
    package struct Need: Sendable, Equatable {
        /// The power.
        package let power: Power
        /// The stages, in the order of the file; downloads are named by their addresses.
        package let stages: [String]

        /// Says what for a power is needed.
        package init(power: Power, stages: [String]) {
            self.power = power
            self.stages = stages
        }
    }

    /// Whether some action might need a power that is not given, as far as can be told without asking the
    /// network or a store.
    package static func mayBeNeeded(in graph: ActionGraph, beyond given: RunConsent) -> Bool {
        graph.actions.contains { action in
            let kind = graph.stage(of: action).kind
            guard kind.isDownload else {
                return kind.runsForeignProgram && !given.lacking(for: action.parameters).isEmpty
            }
            let place = action.parameters["url"]?.text.flatMap { WebPlace($0) }
            return place.map { $0.isPrivate || $0.isNamed } ?? false
        }
    }

    /// The powers that executing these actions needs beyond what is given; names of servers are looked up in
    /// the network.
    package static func needed(
        by indices: [Int], in graph: ActionGraph, beyond given: RunConsent
    ) -> [Need] {
        var programs: [Need] = []
        var servers: [(origin: String, urls: [String])] = []
        for index in indices where graph.actions[index].frozen == nil {
            let action = graph.actions[index]
            let stage = graph.stage(of: action)
            let lacking =
                stage.kind.runsForeignProgram ? given.lacking(for: action.parameters) : []
            for power in lacking { programs.add(power, for: stage.name) }
            guard stage.kind.isDownload, let url = action.parameters["url"]?.text,
                let place = WebPlace(url)
            else { continue }
            if let known = servers.firstIndex(where: { $0.origin == place.origin }) {
                servers[known].urls.append(url)
            } else if place.isPrivate || place.addresses.contains(where: { $0.isPrivate }) {
                servers.append((place.origin, [url]))
            }
        }
        return programs
            + servers.map { Need(power: .requests(to: $0.origin), stages: $0.urls) }
    }
}

extension [ActionPowers.Need] {
    /// Notes that a stage needs a power, once.
    fileprivate mutating func add(_ power: Power, for stage: String) {
        guard let known = firstIndex(where: { $0.power == power }) else {
            return append(ActionPowers.Need(power: power, stages: [stage]))
        }
        if self[known].stages.last == stage { return }
        self[known] = ActionPowers.Need(power: power, stages: self[known].stages + [stage])
    }
}
