import Experiment
import Run

/// Options of a run that had nothing to do in it: each says so, and what to ask for instead.
struct IdleOptions {
    /// A sentence an option, for people.
    let lines: [String]

    /// Looks at what a run did with the options that it was given.
    init(_ command: RunCommand, _ graph: ActionGraph, _ engine: Engine, _ summary: RunSummary) {
        let repeated = Set(summary.repeats.map { $0.action })
        // What --force repeats is compared with its stored result, and not executed twice.
        let isChecked = graph.actions.contains { action in
            graph.stage(of: action).kind.runsForeignProgram && !repeated.contains(action.index)
                && engine.isWanted(action.index)
                && [.ran, .failed].contains(engine.state(of: action.index))
        }
        var lines: [String] = []
        if command.twice && !isChecked {
            lines.append(
                "--twice checked nothing: no new result of a program was made here; "
                    + (command.selected.force
                        ? "--force compares what it repeats with the stored results"
                        : "--force executes cached actions again and compares the bits"))
        }
        if command.selected.force && repeated.isEmpty {
            lines.append(
                "--force repeated nothing: no action that is named had a result to compare")
        }
        if command.sameTools && !command.selected.force && repeated.isEmpty {
            lines.append(
                "--same-tools repeated nothing: no cached result is known to be made with other tools"
            )
        }
        if command.verify && summary.count(.cached) == 0 {
            lines.append("--verify read nothing: no result was taken as cached")
        }
        self.lines = lines
    }

    /// What options of a run have no effect where it is only planned; `nil` where none was given.
    static func ofPlan(_ command: RunCommand) -> String? {
        let given = [
            ("--jobs", command.jobs != nil), ("--keep-going", command.keepGoing),
            ("--fail-fast", command.failFast), ("--locked", command.locked),
            ("--verify", command.verify), ("--twice", command.twice),
            ("--same-tools", command.sameTools), ("--open", command.open),
            ("--on", command.cluster.on != nil), ("--detach", command.cluster.detach),
        ].filter { $0.1 }.map { $0.0 }
        if given.isEmpty { return nil }
        return "\(given.joined(separator: ", ")): no effect with --dry-run, which executes nothing"
    }
}
