package import Canon
package import Experiment
package import LocalStore
import System

extension Engine {
    /// What the run gave so far: an entry for each wanted action that is cached or was executed.
    package func results() throws -> ResultList {
        var profile: String?
        var entries: [ResultList.Entry] = []
        for action in graph.actions where schedule.wanted[action.index] {
            let state = schedule.states[action.index]
            guard state == .cached || state == .ran else { continue }
            if let frozen = action.frozen {
                entries.append(frozen)
                continue
            }
            let kind = graph.stage(of: action).kind
            if kind.usesProfile && profile == nil { profile = try registry.profile() }
            entries.append(
                ResultList.Entry(
                    name: action.name, kind: kind.versionedName,
                    profile: kind.usesProfile ? profile : nil, key: resolution.keys[action.index],
                    outputs: resolution.outputs[action.index].map {
                        ResultList.Output(name: $0.name, digest: $0.digest)
                    }))
        }
        return ResultList(origin: "this run", experiment: graph.experiment, entries: entries)
    }

    /// The key of an action, once it is known.
    package func key(of index: Int) -> Digest? { resolution.keys[index] }

    /// The stored results that the run took, where it did nothing else: one for each action that was wanted,
    /// in full; `nil` otherwise.
    package var taken: [ActionResult]? {
        guard schedule.lacking.isEmpty, options.believed == nil else { return nil }
        var taken: [ActionResult] = []
        for index in graph.actions.indices where schedule.wanted[index] {
            guard schedule.states[index] == .cached, let result = resolution.results[index] else {
                return nil
            }
            taken.append(result)
        }
        return taken
    }

    /// What counts besides the store, where the store does not: what was given, and what the run itself made.
    package var believed: [Digest: ActionResult] { resolution.believed ?? [:] }

    /// How an action ended.
    package func state(of index: Int) -> ActionState { schedule.states[index] }

    /// How long an action took when its result was made.
    package func seconds(of index: Int) -> Double { resolution.results[index]?.seconds ?? 0 }
}
