import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Remotes
import Run
import System
import Workbench

/// Says which actions, outputs and key members differ between two lists of results.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two runs, two lock files, or two stores.",
        discussion: """
            Each side is a lock file (FILE.lock), an experiment file (its results in the store), the
            folder of a store, or a run: its name, the beginning of it, `newest`, or `previous`. Beside
            one experiment only what belongs to it counts of a store.
            Exit code 4 when anything differs.

            EXAMPLE
              bitlaw diff previous newest
              bitlaw diff pipelines/spiral.yaml.lock pipelines/spiral.yaml
              bitlaw diff .cache /shared/colleague/.cache
              bitlaw diff .cache /shared/colleague/.cache --values
            """)

    @OptionGroup var common: StoreOptions

    @Argument(help: "A lock file, an experiment file, a store, or a run.")
    var first: String

    @Argument(help: "The other.")
    var second: String

    @Flag(name: .long, help: "Show only where differences begin, not what follows from them.")
    var origins = false

    @Flag(
        name: .long,
        help:
            "Compare outputs by what they are (elements, cells, values, pixels, lines), where both are stored."
    )
    var values = false

    func run() throws {
        try common.enter()
        var sources = ResultSources(common: common)
        let (left, right) = (try sources.list(first), try sources.list(second))
        // A whole store beside one experiment: only what belongs to that is compared.
        let (a, b) = (left.asFar(as: right), right.asFar(as: left))
        let stores = sources.stores
        var found = ResultDifference.list(a, b) { key in
            for store in stores {
                if let document = store.keyDocument(key) { return document }
            }
            return nil
        }
        let all = found.count
        if origins { found = found.filter { $0.entersHere } }
        let comparison = values ? ValueComparison(a, b, stores) : nil
        if common.json {
            Output.line(
                JSON.object([
                    "first": .string(a.origin), "second": .string(b.origin),
                    "actions": [
                        .number(Double(a.entries.count)), .number(Double(b.entries.count)),
                    ],
                    "differences": .array(
                        try found.map { difference in
                            guard let compared = try comparison?.json(of: difference) else {
                                return difference.json
                            }
                            return .object(
                                (difference.json.members ?? [:]).merging(["values": compared]) {
                                    $1
                                })
                        }),
                ]).canonicalText)
        } else {
            for difference in found {
                for line in difference.lines { Output.line(line) }
                for line in try comparison?.lines(of: difference) ?? [] { Output.line(line) }
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

/// Compares the bytes of outputs that differ, as an audit does, where stores have both.
private struct ValueComparison {
    private let lists: [ResultList]
    private let stores: [Store]
    /// The largest output that is read.
    private static let largest = 1 << 29

    init(_ first: ResultList, _ second: ResultList, _ stores: [Store]) {
        lists = [first, second]
        self.stores = stores
    }

    func lines(of difference: ResultDifference) throws -> [String] {
        try difference.outputs.compactMap { output in
            try compare(difference, output).map { "  \(output.name): \($0.text)" }
        }
    }

    func json(of difference: ResultDifference) throws -> JSON {
        .object(
            try difference.outputs.reduce(into: [:]) { members, output in
                members[output.name] = try compare(difference, output)?.json
            })
    }

    private func compare(_ difference: ResultDifference, _ output: ResultDifference.Output) throws
        -> TypedComparison?
    {
        guard let first = output.first, let second = output.second,
            let old = try bytes(of: first), let new = try bytes(of: second)
        else { return nil }
        return StandardFormats().compare(
            old, new, fileName: fileName(of: output.name, difference.action), tolerance: nil)
    }

    private func bytes(of digest: Digest) throws -> [UInt8]? {
        for store in stores {
            guard let size = try store.size(of: digest), size <= ValueComparison.largest else {
                continue
            }
            if let bytes = try store.bytes(of: digest) { return bytes }
        }
        return nil
    }

    /// The file name that the kind gives the output: its extension is the format.
    private func fileName(of output: String, _ action: String) -> String {
        for list in lists {
            guard let entry = list[action] else { continue }
            let document = entry.key.flatMap { key in
                stores.lazy.compactMap { $0.keyDocument(key) }.first
            }
            let kind =
                document?["kind"]?.text
                ?? entry.kind.flatMap { $0.split(separator: "/").first.map(String.init) }
            let port = kind.flatMap { allKinds.kind($0) }?.outputs.first { $0.name == output }
            if let port { return port.fileName }
        }
        return ""
    }
}
