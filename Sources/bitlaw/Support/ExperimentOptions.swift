import ArgumentParser
import Experiment
import Glibc
import LocalStore

/// An experiment file and its store.
struct ExperimentOptions: ParsableArguments {
    @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    /// Reads the file.
    func load() throws -> ActionGraph {
        try common.enter()
        return try setting.load(experiment)
    }

    /// Reads the file and opens its store.
    func open(creating: Bool = true) throws -> (graph: ActionGraph, store: Store) {
        let graph = try load()
        return (graph, try common.open(project: graph.project, creating: creating))
    }
}
