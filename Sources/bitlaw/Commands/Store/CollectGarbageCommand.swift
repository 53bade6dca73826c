import ArgumentParser
import Canon
import LocalStore
import Run
import System

/// Removes what no kept run reaches.
struct CollectGarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what no kept run and no pin reaches.",
        discussion: """
            It makes a store smaller by dropping old runs: a run is kept when any of --keep-runs and \
            --max-age keeps it. With neither, and no --max-size, all runs are kept with all that they made, \
            and only what no run names goes. \
            --keep-runs counts complete runs by themselves: a run of one stage, or one that failed, does \
            not push the last complete run out.

            A record or a pin that cannot be read stops gc: it removes nothing then, and says which.

            EXAMPLE
              bitlaw gc --keep-runs 1 --dry-run
              bitlaw gc --keep-runs 3 --max-age 30d
            """)

    @OptionGroup var common: StoreOptions

    @Option(name: .long, help: "Keep this many of the newest runs of each experiment.")
    var keepRuns: Int?

    @Option(name: .long, help: "Keep runs that are younger, such as 12h or 30d.")
    var maxAge: String?

    @Option(name: .long, help: "Drop the oldest runs until the store fits, such as 10GB.")
    var maxSize: String?

    @Flag(name: .long, help: "Also drop the files of `bitlaw add` that no kept run read.")
    var dropAdded = false

    @Flag(name: .long, help: "Also drop what was pushed here, where no run or tag keeps it.")
    var dropPushed = false

    @Option(name: .long, help: "Wait so many seconds for others to close the store.")
    var wait = StorePresence.patience

    @Flag(name: [.customShort("n"), .long], help: "Only say what would go.")
    var dryRun = false

    func run() throws {
        try common.enter()
        let policy = GarbagePolicy(
            runs: keepRuns,
            age: try maxAge.map {
                try quantity($0, "--max-age", ["s": 1, "m": 60, "h": 3600, "d": 86400])
            },
            size: try maxSize.map {
                try quantity($0, "--max-size", ["kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000])
            }, keepsAdded: !dropAdded, keepsPushed: !dropPushed)
        guard (0...1e9).contains(wait) else {
            throw UsageError(text: "--wait \(wait): expected seconds, 0 or more")
        }
        let store = try common.open(
            project: try Consent.project(of: "./x"), creating: false, exclusive: true,
            waiting: wait)
        let report = try store.collectGarbage(policy, dryRun: dryRun)
        let cluster = try ClusterRun.clearAll(in: store, dryRun: dryRun)
        if common.json {
            Output.document(json(report, cluster.removed), .gc)
        } else {
            for line in lines(report) + lines(cluster.removed, cluster.open) { Output.line(line) }
        }
    }

    /// What went of runs on a cluster, and what stays: only their person may end them.
    private func lines(_ removed: [String], _ open: Int) -> [String] {
        let verb = dryRun ? "would remove" : "removed"
        return
            (removed.isEmpty
            ? []
            : ["\(verb) the notes of \(counted(removed.count, "run")) on a cluster that ended"])
            + (open == 0
                ? []
                : [
                    "the notes of \(counted(open, "run")) on a cluster stay: not ended yet; "
                        + "bitlaw cancel FILE ends what was left"
                ])
    }

    private func lines(_ report: GarbageReport) -> [String] {
        [
            "\(dryRun ? "would remove" : "removed") \(counted(report.runs.count, "run")), "
                + "\(counted(report.results, "result")), \(counted(report.blobs, "blob")): "
                + "\(ByteCount.text(report.bytes)); "
                + "\(ByteCount.text(report.keptBytes)) stay"
        ]
            + keepsAll
            + remains(report)
            + report.left.map {
                "\($0) is another account's: a program of theirs was killed and left it, and their "
                    + "next command here removes it"
            }
    }

    /// Why little went: without a rule every run is kept, and all that runs made.
    private var keepsAll: [String] {
        guard keepRuns == nil && maxAge == nil && maxSize == nil else { return [] }
        return [
            "every run is kept, with all that it made: no --keep-runs, --max-age or --max-size is given",
            "  fix: bitlaw gc --keep-runs 1 -n says what goes if the newest run of each experiment stays",
        ]
    }

    /// What went beside results: a line where there is any.
    private func remains(_ report: GarbageReport) -> [String] {
        let found = [
            report.attempts == 0
                ? nil
                : counted(
                    report.attempts, "folder of a killed action", "folders of killed actions"),
            report.drafts == 0 ? nil : counted(report.drafts, "draft"),
            report.states == 0 ? nil : counted(report.states, "kept state"),
            report.damaged == 0
                ? nil
                : counted(report.damaged, "damaged file set aside", "damaged files set aside"),
        ].compactMap { $0 }
        return found.isEmpty
            ? []
            : ["\(dryRun ? "would also remove" : "also removed") \(found.joined(separator: ", "))"]
    }

    private func json(_ report: GarbageReport, _ clusterRuns: [String]) -> JSON {
        [
            "runs": .array(report.runs.map { .string($0) }),
            "results": .number(Double(report.results)),
            "blobs": .number(Double(report.blobs)), "bytes": .number(Double(report.bytes)),
            "keptBytes": .number(Double(report.keptBytes)), "dryRun": .bool(dryRun),
            "attempts": .number(Double(report.attempts)), "drafts": .number(Double(report.drafts)),
            "states": .number(Double(report.states)), "damaged": .number(Double(report.damaged)),
            "left": .array(report.left.map { .string($0) }),
            "clusterRuns": .array(clusterRuns.map { .string($0) }),
        ]
    }

    private func quantity(_ text: String, _ option: String, _ units: [String: Int]) throws -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))],
            number <= Int.max / unit
        else {
            throw UsageError(
                text: "\(option) \(text): expected a number and one of "
                    + units.keys.sorted().joined(separator: ", "))
        }
        return number * unit
    }
}
