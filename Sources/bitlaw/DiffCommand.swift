import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Says which actions, outputs and key members differ between two lists of results.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two runs, two lock files, or two stores.",
        discussion: """
            Each side is a lock file (FILE.lock), an experiment file (its results in the store), the
            folder of a store, or a run: its name, the beginning of it, `newest`, or `previous`.
            Exit code 4 when anything differs.

            EXAMPLE
              bitlaw diff previous newest
              bitlaw diff pipelines/spiral.yaml.lock pipelines/spiral.yaml
              bitlaw diff .cache /shared/colleague/.cache
            """)

    @OptionGroup var common: StoreOptions

    @Argument(help: "A lock file, an experiment file, a store, or a run.")
    var first: String

    @Argument(help: "The other.")
    var second: String

    @Flag(name: .long, help: "Show only where differences begin, not what follows from them.")
    var origins = false

    func run() throws {
        try common.enter()
        var sources = ResultSources(common: common)
        let (a, b) = (try sources.list(first), try sources.list(second))
        let stores = sources.stores
        var found = ResultDifference.list(a, b) { key in
            for store in stores {
                if let document = store.keyDocument(key) { return document }
            }
            return nil
        }
        let all = found.count
        if origins { found = found.filter { $0.entersHere } }
        if common.json {
            Output.line(
                JSON.object([
                    "first": .string(a.origin), "second": .string(b.origin),
                    "actions": [
                        .number(Double(a.entries.count)), .number(Double(b.entries.count)),
                    ],
                    "differences": .array(found.map { $0.json }),
                ]).canonicalText)
        } else {
            for difference in found {
                for line in difference.lines { Output.line(line) }
            }
            let begun = found.count { $0.entersHere }
            Output.line(
                all == 0
                    ? "the same: \(a.entries.count) actions"
                    : "\(all) actions differ, \(begun) of them not only through their inputs "
                        + "(\(a.entries.count) in \(a.origin), \(b.entries.count) in \(b.origin))")
        }
        if all > 0 { throw ExitCode(Code.difference) }
    }
}

/// Finds what an argument of `diff` and `audit` names.
struct ResultSources {
    let common: StoreOptions
    /// The stores that were opened, in which key documents are looked up.
    private(set) var stores: [Store] = []

    init(common: StoreOptions) { self.common = common }

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
            let graph = try ExperimentLoader.load(path: name, registry: allKinds)
            let store = try common.open(project: graph.project, creating: false)
            stores.append(store)
            let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
            let profile =
                graph.stages.contains { $0.kind.usesProfile } ? try allKinds.profile() : nil
            return ResultList(plan: plan, graph: graph, profile: profile, origin: name)
        }
        if unsafe access("\(name)/format", F_OK) == 0 {
            let store = try Store.open(ProjectFolder.absolute(name), creating: false)
            stores.append(store)
            return try ResultList(store: store)
        }
        return try run(name)
    }

    private func open() throws -> Store {
        try common.open(project: ProjectFolder.of("./x"), creating: false)
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
