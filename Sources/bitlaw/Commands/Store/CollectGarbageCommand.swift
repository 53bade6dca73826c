import ArgumentParser
import Canon
import LocalStore
import System

/// Removes what no kept run reaches.
struct CollectGarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what no kept run and no pin reaches.",
        discussion: """
            A run is kept when any of --keep-runs and --max-age keeps it; with neither, all are.

            EXAMPLE
              bitlaw gc --keep-runs 3 --max-age 30d --dry-run
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
            }, keepsAdded: !dropAdded)
        let store = try common.open(
            project: try Consent.project(of: "./x"), creating: false, exclusive: true)
        let report = try store.collectGarbage(policy, dryRun: dryRun)
        if common.json {
            Output.line(json(report).canonicalText)
        } else {
            for line in lines(report) { Output.line(line) }
        }
    }

    private func lines(_ report: GarbageReport) -> [String] {
        [
            "\(dryRun ? "would remove" : "removed") \(counted(report.runs.count, "run")), "
                + "\(counted(report.results, "result")), \(counted(report.blobs, "blob")): "
                + "\(counted(report.bytes, "byte")); "
                + counted(report.keptBytes, "byte stays", "bytes stay")
        ]
            + report.left.map {
                "\($0) is another account's: a program of theirs was killed and left it, and their "
                    + "next command here removes it"
            }
    }

    private func json(_ report: GarbageReport) -> JSON {
        [
            "runs": .array(report.runs.map { .string($0) }),
            "results": .number(Double(report.results)),
            "blobs": .number(Double(report.blobs)), "bytes": .number(Double(report.bytes)),
            "keptBytes": .number(Double(report.keptBytes)), "dryRun": .bool(dryRun),
            "left": .array(report.left.map { .string($0) }),
        ]
    }

    private func quantity(_ text: String, _ option: String, _ units: [String: Int]) throws -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))]
        else {
            throw UsageError(
                text: "\(option) \(text): expected a number and one of "
                    + units.keys.sorted().joined(separator: ", "))
        }
        return number * unit
    }
}
