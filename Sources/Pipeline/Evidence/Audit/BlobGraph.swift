import Canon
import Experiment
import LocalStore
import Run
import System

/// Turns chosen actions into a graph without edges: their inputs become files of their own.
enum BlobGraph {
    /// The graph, and the actions of it by their places in the whole one.
    ///
    /// An action whose recorded inputs have no good copy is left out.
    static func make(
        _ chosen: [Int], graph: ActionGraph, expected: ResultList, store: Store, in folder: String
    ) throws -> (graph: ActionGraph, places: [Int]) {
        var placed: [Digest: Bool] = [:]
        var actions: [Action] = []
        var places: [Int] = []
        for index in chosen {
            let action = graph.actions[index]
            var isComplete = true
            let inputs = try action.inputs.map { input in
                ActionInput(
                    port: input.port, isCollection: input.isCollection,
                    sources: try input.sources.map { source in
                        guard case .action(let producer, let name) = source else { return source }
                        guard let digest = expected[graph.actions[producer].name]?.digest(name)
                        else {
                            isComplete = false
                            return source
                        }
                        let isTree =
                            graph.stage(of: graph.actions[producer]).kind.output(name)?.isTree
                            ?? false
                        if placed[digest] == nil {
                            placed[digest] = try store.lay(
                                digest, isTree: isTree, at: "\(folder)/\(digest.hex)")
                        }
                        if placed[digest] != true { isComplete = false }
                        return .replay(
                            ReplayedInput(
                                copy: digest.hex, producer: graph.actions[producer].name,
                                coordinates: graph.actions[producer].coordinates, output: name,
                                name: graph.fileName(of: name, producer), isTree: isTree))
                    })
            }
            guard isComplete else { continue }
            actions.append(
                Action(
                    index: places.count, stage: action.stage, name: action.name,
                    coordinates: action.coordinates, labels: action.labels,
                    parameters: action.parameters, seed: action.seed, inputs: inputs))
            places.append(index)
        }
        let apart = ActionGraph(
            experiment: graph.experiment, seed: graph.seed, file: graph.file,
            source: graph.source, project: graph.project, reach: graph.reach, replayFolder: folder,
            stages: graph.stages, actions: actions)
        return (apart, places)
    }
}
