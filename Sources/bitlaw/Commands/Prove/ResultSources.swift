import Experiment
import Glibc
import LocalStore
import Run
import System

/// Finds what an argument of `diff` and `audit` names.
struct ResultSources {
    let common: StoreOptions
    /// Values in the place of those in experiment files.
    let setting: SettingOptions
    /// The stores that were opened, in which key documents are looked up.
    private(set) var stores: [Store] = []

    init(common: StoreOptions, setting: SettingOptions) {
        self.common = common
        self.setting = setting
    }

    /// The list that an argument names.
    mutating func list(_ name: String) throws -> ResultList {
        if name.hasSuffix(".lock") {
            guard let list = try LockFile.readIfAny(name) else {
                throw UsageError(text: "\(name): no such lock file\n  fix: bitlaw lock makes one")
            }
            if stores.isEmpty, let store = try? open() { stores.append(store) }
            return list
        }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            let graph = try setting.load(name)
            let store = try common.open(project: graph.project, creating: false)
            stores.append(store)
            let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
            return ResultList(
                plan: plan, graph: graph, profile: try graph.profile(allKinds), origin: name)
        }
        if unsafe access("\(name)/format", F_OK) == 0 {
            let store = try Store.open(ProjectFolder.absolute(name), creating: false)
            stores.append(store)
            return try ResultList(store: store)
        }
        return try run(name)
    }

    private func open() throws -> Store {
        try common.open(project: try Consent.project(of: "./x"), creating: false)
    }

    private mutating func run(_ name: String) throws -> ResultList {
        let store = try open()
        stores.append(store)
        let names = try store.runNames()
        let chosen: String?
        switch name {
        case "newest": chosen = names.first
        case "previous": chosen = names.dropFirst().first
        default:
            let found = names.filter { $0 == name || $0.hasPrefix(name) }
            if found.count > 1, !found.contains(name) {
                throw UsageError(
                    text: "\(name): expected the beginning of one run's name, found "
                        + "\(found.count): \(found.prefix(5).joined(separator: ", "))")
            }
            chosen = found.contains(name) ? name : found.first
        }
        guard let chosen, let record = try store.run(chosen) else {
            throw UsageError(
                text: "\(name): expected a lock file, an experiment file, a store or a run of "
                    + "\(store.path), found none of them\n"
                    + "  the newest runs: \(names.prefix(5).joined(separator: ", "))")
        }
        return try ResultList(run: record, name: chosen)
    }
}
