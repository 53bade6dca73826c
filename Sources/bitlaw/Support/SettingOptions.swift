import ArgumentParser
import Experiment

/// Values in the place of those in the experiment file.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A value in the place of the file's, such as seed=7, constants.steps=100 or axes.n=[1,2]; "
                + "may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    /// Reads an experiment file with these values in it.
    func load(_ path: String) throws -> ActionGraph {
        try Consent.load(path, settings: settings)
    }
}
