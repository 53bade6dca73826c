import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Finds what an argument of `diff`, `compare`, `table` and `audit` names.
struct ResultSources {
    let common: StoreOptions
    /// Values in the place of those in experiment files.
    let setting: SettingOptions
    /// The lock file that commits are asked for; `nil` where no experiment is known yet.
    private(set) var lock: String?
    /// The experiment whose runs are meant; `nil` where none is known yet.
    private(set) var experiment: String?
    /// The stores that were opened, in which key documents are looked up.
    private(set) var stores: [Store] = []

    init(
        common: StoreOptions, setting: SettingOptions, lock: String? = nil,
        experiment: String? = nil
    ) {
        self.common = common
        self.setting = setting
        self.lock = lock
        self.experiment = experiment
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
        // `HEAD~2:FILE.yaml` is what its lock file said then.
        if let colon = name.lastIndex(of: ":"), name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            let file = String(name[name.index(after: colon)...])
            let commit = String(name[..<colon])
            guard let list = try CommittedLock.list(of: LockFile.path(of: file), at: commit) else {
                throw UsageError(
                    text:
                        "\(name): expected a commit that has \(LockFile.path(of: file)), found none\n"
                        + "  fix: bitlaw lock \(file) writes it; commit it with the experiment")
            }
            if stores.isEmpty, let store = try? open() { stores.append(store) }
            return list
        }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            lock = LockFile.path(of: name)
            let graph = try setting.load(name)
            experiment = graph.experiment
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

    /// The newest run, or the one before it, of the experiment that is known; else of that of the newest run,
    /// for a store may have runs of several.
    private mutating func ownRun(_ names: [String], _ place: Int, _ store: Store) throws -> String?
    {
        guard let newest = names.first else { return nil }
        let wanted = try experiment ?? store.run(newest)?.head["experiment"]?.text
        guard let wanted else { return names.dropFirst(place).first }
        experiment = wanted
        let first = try RunHistory.newest(in: store, experiment: wanted)?.name
        if place == 0 { return first }
        return try RunHistory.newest(in: store, experiment: wanted, before: first)?.name
    }

    private mutating func run(_ name: String) throws -> ResultList {
        let store = try open()
        stores.append(store)
        let names = try store.runNames()
        let chosen: String?
        switch name {
        case "newest", "last": chosen = try ownRun(names, 0, store)
        case "previous": chosen = try ownRun(names, 1, store)
        default:
            let found = names.filter { $0 == name || $0.hasPrefix(name) }
            if found.count > 1, !found.contains(name) {
                throw UsageError(
                    text: "\(name): expected the beginning of one run's name, found "
                        + "\(found.count): \(found.prefix(5).joined(separator: ", "))")
            }
            chosen = found.contains(name) ? name : found.first
        }
        if chosen == nil, let lock, let list = try CommittedLock.list(of: lock, at: name) {
            return list
        }
        guard let chosen, let record = try store.run(chosen) else {
            throw UsageError(
                text:
                    "\(name): expected a lock file, an experiment file, a store, a commit with the lock "
                    + "file, or a run of \(store.path), found none of them\n"
                    + "  a run is called newest (or last), previous, or by the beginning of its name\n"
                    + "  the newest runs: \(names.prefix(5).joined(separator: ", "))")
        }
        return try ResultList(run: record, name: chosen)
    }
}
