import Canon
import Experiment
import LocalStore
import Remotes
import Run
import System

extension Audit {
    /// Copies recorded measurements: to an audit they are inputs, like downloads.
    ///
    /// They would come out differently each time. They enter under this machine's keys, whichever made them.
    /// A measurement that reads other actions is made anew: its key is not known before theirs.
    ///
    /// - Returns: the results that were copied, by key.
    func placeMeasurements(in fresh: Store) throws -> [Digest: ActionResult] {
        var placed: [Digest: ActionResult] = [:]
        var resolution = Resolution(graph: graph, store: fresh, registry: registry)
        for (index, action) in graph.actions.enumerated() where isMeasurement(index) {
            guard let recorded = expected[action.name],
                action.inputs.allSatisfy({ $0.sources.allSatisfy { graph.path(of: $0) != nil } })
            else { continue }
            let kind = graph.stage(of: action).kind
            var outputs: [ActionResult.Output] = []
            for output in recorded.outputs {
                let path = "\(options.scratch)/measurement"
                let isTree = kind.output(output.name)?.isTree ?? false
                guard try fresh.take(output.digest, isTree: isTree, from: store, by: path),
                    let size = try fresh.size(of: output.digest)
                else { break }
                outputs.append(
                    ActionResult.Output(
                        name: output.name, digest: output.digest, size: size, isTree: isTree))
            }
            guard outputs.count == recorded.outputs.count else { continue }
            let result = ActionResult(
                key: try resolution.document(of: index).key, kind: kind.name,
                version: kind.version, outputs: outputs, log: nil, seconds: 0,
                madeAt: Store.isoTime())
            _ = try fresh.publish(result)
            placed[result.key] = result
        }
        return placed
    }

    /// Whether an action measures the machine.
    func isMeasurement(_ index: Int) -> Bool {
        graph.stage(of: graph.actions[index]).kind.isMeasurement
    }
}
