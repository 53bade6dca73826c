import ArgumentParser
import Experiment

/// Which actions of an experiment a command is about.
struct TargetOptions: ParsableArguments {
    @Argument(
        help: """
            Actions, stages, or parts of sweeps such as 'train[n=2]', 'train[n>=1000, model.name=polar]' or \
            'train[*]' (default: all).
            """)
    var targets: [String] = []

    @OptionGroup var conditions: ConditionOptions

    /// What is named.
    var selection: Targets { Targets(targets, where: conditions.all) }

    /// What is named, for a command that needs at least one action to be.
    func required(_ command: String) throws -> Targets {
        if selection.isAll {
            throw UsageError(
                text: "expected an action, a stage, or a part of a sweep\n"
                    + "  fix: bitlaw \(command) FILE STAGE, or FILE 'STAGE[n=2]', or FILE --where 'n <= 1000'"
            )
        }
        return selection
    }
}
