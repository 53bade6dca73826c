package import Canon
package import Experiment
package import LocalStore

extension ResultList {
    /// What actions gave, as a stage would read it: for tables, claims and pages outside of a run.
    ///
    /// Outputs stand in the order in which their kinds declare them; folders are left out.
    /// Reading one throws ``LostOutput`` where the store has no good copy.
    package func outputs(
        of graph: ActionGraph, in store: Store, _ isWanted: (Action) -> Bool = { _ in true }
    ) -> [StageInput] {
        graph.actions.flatMap { isWanted($0) ? outputs(of: $0, in: graph, store) : [] }
    }

    /// What one action gave.
    package func outputs(of action: Action, in graph: ActionGraph, _ store: Store) -> [StageInput] {
        guard let entry = self[action.name] else { return [] }
        return action.outputs(in: graph, store) { entry.digest($0) }
    }
}

extension Action {
    /// What it gave, where `digest` knows its outputs by their names.
    package func outputs(in graph: ActionGraph, _ store: Store, digest: (String) -> Digest?)
        -> [StageInput]
    {
        graph.stage(of: self).kind.outputs.compactMap { port in
            guard !port.isTree, let digest = digest(port.name) else { return nil }
            let lost = LostOutput(action: name, file: graph.file)
            return StageInput(
                producer: name, output: port.name, coordinates: coordinates,
                digest: digest, name: port.fileName,
                read: {
                    guard let bytes = try store.bytes(of: digest) else { throw lost }
                    return bytes
                },
                place: { throw lost })
        }
    }
}

/// An output whose bytes the store has no good copy of.
package struct LostOutput: Error, CustomStringConvertible {
    /// The action that made it.
    let action: String
    /// The experiment's file.
    let file: String

    /// What is missing, and how it comes back.
    package var description: String {
        "\(action): its output has no good copy: bitlaw run \(file)"
    }
}
