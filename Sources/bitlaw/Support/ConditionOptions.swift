import ArgumentParser

/// What the coordinates of the actions have to hold.
struct ConditionOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only actions whose axes hold this, such as 'n <= 1000'; may be repeated.",
            valueName: "condition"))
    var all: [String] = []
}
