import Experiment
import LocalStore
import Run

extension Plan {
    /// An output of an action that has run.
    ///
    /// - Throws: ``UsageError`` where the action has not, with the command that runs it.
    func output(
        _ name: String, of index: Int, in graph: ActionGraph
    ) throws -> ActionResult.Output {
        guard let found = outputs[index].first(where: { $0.name == name }) else {
            let action = graph.actions[index].name
            throw UsageError(
                text: "\(action) has not run\n  fix: bitlaw run \(graph.file) '\(action)'")
        }
        return found
    }
}
