import ArgumentParser
import Run

/// What of an experiment is run, and what is executed again.
struct SelectionOptions: ParsableArguments {
    @Argument(help: "Actions or stages to make, with what they need (default: all).")
    var targets: [String] = []

    @Option(
        help: "Execute these alone; what they read has to be cached. Repeatable.")
    var only: [String] = []

    @Option(
        help:
            "Take these and all that depends on them, with what that needs. Repeatable."
    )
    var from: [String] = []

    @Flag(
        help:
            "Execute what is named (default: all) though it is cached, and compare."
    )
    var force = false

    func validate() throws {
        if [targets, only, from].count(where: { !$0.isEmpty }) > 1 {
            throw ValidationError(
                "expected targets, or --only, or --from, found several of them; each selects alone"
            )
        }
    }

    /// What was asked for.
    var selection: RunSelection {
        let choice: RunSelection.Choice =
            !only.isEmpty
            ? .only(only) : !from.isEmpty ? .from(from) : RunSelection(targets: targets).choice
        return RunSelection(choice, isForced: force)
    }
}
