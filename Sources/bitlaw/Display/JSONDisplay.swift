import Canon
import Experiment
import Run

/// One JSON object a line for each event.
final class JSONDisplay: RunDisplay {
    let graph: ActionGraph

    init(graph: ActionGraph) { self.graph = graph }

    func end() {}

    func show(_ event: RunEvent) {
        guard var line = event.members(in: graph) else { return }
        line["experiment"] = .string(graph.experiment)
        Output.document(.object(line), .runEvent)
    }
}
