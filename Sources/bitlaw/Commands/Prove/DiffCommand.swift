import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run

/// Says which actions, outputs and key members differ between two lists of results.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two runs, two lock files, or two stores.",
        discussion: """
            Each side is a lock file (FILE.lock), an experiment file (its results in the store), the \
            folder of a store, or a run: its name, the beginning of it, `newest`, or `previous`. Beside \
            one experiment only what belongs to it counts of a store. \
            Exit code 4 when anything differs.

            EXAMPLE
              bitlaw diff previous newest
              bitlaw diff pipelines/spiral.yaml.lock pipelines/spiral.yaml
              bitlaw diff .cache /shared/colleague/.cache
              bitlaw diff .cache /shared/colleague/.cache --values
            """)

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    @Argument(help: "A lock file, an experiment file, a store, or a run.")
    var first: String

    @Argument(help: "What to compare it with, in the same forms.")
    var second: String

    @Flag(name: .long, help: "Show only where differences begin, not what follows from them.")
    var origins = false

    @Flag(
        name: .long,
        help: """
            Compare outputs by what they are (elements, cells, values, pixels, lines), where both are \
            stored.
            """
    )
    var values = false

    func run() throws {
        try common.enter()
        var sources = ResultSources(common: common, setting: setting)
        let (left, right) = (try sources.list(first), try sources.list(second))
        // A whole store beside one experiment: only what belongs to that is compared.
        let (a, b) = (left.asFar(as: right), right.asFar(as: left))
        let stores = sources.stores
        let all = ResultDifference.list(a, b) { key in
            stores.lazy.compactMap { $0.keyDocument(key) }.first
        }
        let found = origins ? all.filter { $0.entersHere } : all
        let comparison = values ? ValueComparison(a, b, stores) : nil
        if common.json {
            Output.document(try json(a, b, found, comparison), .diff)
        } else {
            for difference in found {
                for line in difference.lines { Output.line(line) }
                for line in try comparison?.lines(of: difference) ?? [] { Output.line(line) }
            }
            Output.line(summary(a, b, all))
        }
        if !all.isEmpty { throw ExitCode(Code.difference) }
    }

    private func json(
        _ a: ResultList, _ b: ResultList, _ found: [ResultDifference],
        _ comparison: ValueComparison?
    ) throws -> JSON {
        [
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
                        (difference.json.members ?? [:]).merging(["values": compared]) { $1 })
                }),
        ]
    }

    private func summary(_ a: ResultList, _ b: ResultList, _ all: [ResultDifference]) -> String {
        if all.isEmpty { return "the same: \(counted(a.entries.count, "action"))" }
        let begun = all.count { $0.entersHere }
        let others = all.count - begun
        var text = counted(all.count, "action differs", "actions differ")
        switch (begun, others) {
        case (0, 1): text += ", only through its inputs"
        case (0, _): text += ", only through their inputs"
        case (1, 0): text += "; the difference begins there"
        case (_, 0): text += "; a difference begins in each of them"
        default:
            text +=
                "; a difference begins in \(begun) of them, "
                + counted(
                    others, "differs only through its inputs", "differ only through their inputs")
        }
        return text + " (\(a.entries.count) in \(a.origin), \(b.entries.count) in \(b.origin))"
    }
}
