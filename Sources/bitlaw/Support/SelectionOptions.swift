import ArgumentParser
import Experiment
import Run

/// What of an experiment is run, and what is executed again.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: """
            What to make, with what it needs: actions, stages, or parts of sweeps such as 'train[n=2]', \
            'train[n>=1000, model.name=polar]' or 'train[*]' (default: all).
            """)
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

    @OptionGroup var conditions: ConditionOptions

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
            ? .only(Targets(only, where: conditions.all))
            : !from.isEmpty
                ? .from(Targets(from, where: conditions.all))
                : .targets(Targets(targets, where: conditions.all))
        return RunSelection(choice, isForced: force)
    }
}
