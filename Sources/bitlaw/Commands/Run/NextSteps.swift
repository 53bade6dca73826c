import Experiment
import Run

/// What a person may do after a run: the last lines of it.
struct NextSteps {
    let graph: ActionGraph
    let engine: Engine

    /// One command a line, with what it shows.
    func lines(hasFailures: Bool, hasReports: Bool) -> [String] {
        var steps: [(command: String, what: String)] = []
        if hasFailures {
            steps.append(
                ("bitlaw run \(graph.file)", "goes on once it is mended; what is done stays cached")
            )
        }
        if hasReports { steps.append(("bitlaw report \(graph.file) --open", "opens the page")) }
        // After a failure its own words say where to look, and not what others made.
        let made = hasFailures ? [] : self.made
        if let last = made.last {
            steps.append(
                ("bitlaw show \(graph.file) \(quoted(last))", "its inputs, digests and log"))
        }
        if let (action, port) = made.reversed().lazy.compactMap(table).first {
            steps.append(
                ("bitlaw show \(graph.file) \(quoted(action)) --output \(port.name)", "the table"))
        }
        let width = steps.map { $0.command.count }.max() ?? 0
        return steps.enumerated().map { place, step in
            (place == 0 ? "next: " : "      ") + step.command
                + String(repeating: " ", count: width - step.command.count + 2) + step.what
        }
    }

    /// The actions that have outputs, but for downloads.
    private var made: [Action] {
        graph.actions.filter { action in
            !graph.stage(of: action).kind.isDownload && engine.isWanted(action.index)
                && !engine.outputs(of: action.index).isEmpty
        }
    }

    private func table(_ action: Action) -> (Action, OutputPort)? {
        graph.stage(of: action).kind.outputs.first { $0.fileName.hasSuffix(".csv") }.map {
            (action, $0)
        }
    }

    private func quoted(_ action: Action) -> String {
        action.coordinates.isEmpty ? action.name : "'\(action.name)'"
    }
}
