import Canon
import Evidence
import Experiment
import LocalStore
import Run
import Workbench

/// The spot check of what came from remotes, as `run` and `pull` end with it.
enum FetchedCheck {
    /// Makes a share of what was fetched again: that of the configuration unless `given`.
    ///
    /// - Returns: whether all of it came out the same.
    static func run(
        _ fetched: [(index: Int, remote: String)], graph: ActionGraph, store: Store,
        options: RunOptions, share given: Double? = nil, _ common: StoreOptions
    ) throws -> Bool {
        if fetched.isEmpty { return true }
        let configuration = try ProjectConfiguration.load(project: graph.project, for: .person)
        func share(_ remote: String) -> Double {
            given ?? configuration.remotes.first { $0.name == remote }?.spotCheck ?? 0
        }
        if fetched.allSatisfy({ share($0.remote) == 0 }) { return true }
        let check = try SpotCheck(
            fetched, plan: Plan.make(graph: graph, store: store, registry: allKinds),
            graph: graph, share: share)
        if check.chosen.isEmpty { return true }
        let folder = try ScratchFolder(store)
        defer { folder.remove() }
        let bad = try check.run(
            store: store, registry: allKinds, formats: StandardFormats(), options: options,
            scratch: folder.path)
        for action in bad {
            Output.error(
                "spot check: \(action.name), fetched from \(check.remote(of: action)):\n"
                    + action.lines.map { "  \($0)\n" }.joined())
        }
        try check.keep(bad, of: folder.path, in: store)
        if !common.quiet && !common.json { Output.line(summary(check, bad.count)) }
        return bad.isEmpty
    }

    private static func summary(_ check: SpotCheck, _ bad: Int) -> String {
        let made =
            "spot check: \(check.chosen.count) of "
            + "\(counted(check.fetched.count, "fetched result")) made again, "
        if bad == 0 { return made + "every output bit-identical" }
        return made + counted(bad, "of them differs", "of them differ")
            + "; both results are kept, see bitlaw why"
    }
}
