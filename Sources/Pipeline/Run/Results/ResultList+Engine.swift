package import Experiment
package import LocalStore
import System

extension Engine {
    /// What the run gave so far: an entry for each wanted action that is cached or was executed.
    package func results() throws -> ResultList {
        var profile: String?
        var entries: [ResultList.Entry] = []
        for action in graph.actions where wanted[action.index] {
            let state = states[action.index]
            guard state == .cached || state == .ran else { continue }
            let kind = graph.stage(of: action).kind
            if kind.usesProfile && profile == nil { profile = try registry.profile() }
            entries.append(
                ResultList.Entry(
                    name: action.name, kind: "\(kind.name)/\(kind.version)",
                    profile: kind.usesProfile ? profile : nil, key: resolution.keys[action.index],
                    outputs: resolution.outputs[action.index].map {
                        ResultList.Output(name: $0.name, digest: $0.digest)
                    }))
        }
        return ResultList(origin: "this run", experiment: graph.experiment, entries: entries)
    }

    /// How an action ended.
    package func state(of index: Int) -> ActionState { states[index] }

    /// How long an action took when its result was made.
    package func seconds(of index: Int) -> Double { resolution.results[index]?.seconds ?? 0 }
}

extension ResultList {
    /// The entries of some actions alone.
    package func only(_ isIncluded: (String) -> Bool) -> ResultList {
        ResultList(
            origin: origin, experiment: experiment, entries: entries.filter { isIncluded($0.name) })
    }

    /// What the store holds for every action of a graph.
    ///
    /// - Throws: ``OperationalError``; ``MissingResults`` where an action has no result.
    package static func complete(
        graph: ActionGraph, store: Store, registry: KindRegistry
    ) throws -> ResultList {
        let plan = try Plan.make(graph: graph, store: store, registry: registry)
        let list = ResultList(
            plan: plan, graph: graph, profile: try graph.profile(registry), origin: store.path)
        let missing = graph.actions.filter { list[$0.name] == nil }.map { $0.name }
        if !missing.isEmpty { throw MissingResults(file: graph.file, actions: missing) }
        return list
    }
}

/// Actions that have no result where one is needed.
package struct MissingResults: Error, CustomStringConvertible {
    let file: String
    let actions: [String]

    /// How many, which first, and what to do.
    package var description: String {
        "\(file): expected a result of every action, found none of \(actions.count), such as "
            + "\(actions.first ?? "")\n  fix: bitlaw run \(file)"
    }
}
