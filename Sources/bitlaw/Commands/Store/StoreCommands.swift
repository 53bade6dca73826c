import ArgumentParser
import Canon
import LocalStore
import System

/// Reads everything in the store.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read and hash the store's blobs and results; set aside what is damaged.",
        discussion: """
            Exit code 3 when something was damaged; the next run makes it again. With --repair, what
            is damaged or gone comes from a remote or a further store, else its recipe makes it again,
            and the digest proves it; exit code 3 then means that something stayed lost. A recipe that
            starts a program is only followed where a run of yours in this store asked for it.

            EXAMPLE
              bitlaw verify --sample 1000
              bitlaw verify --repair
            """)

    @OptionGroup var common: StoreOptions

    @Option(name: .long, help: "How many blobs, evenly spread (default: all).")
    var sample: Int?

    @Flag(name: .long, help: "Bring back what is damaged or gone, and list what only stands here.")
    var repair = false

    @Flag(
        name: .long,
        help: "With --repair: also start programs that recipes of others name. Look at them first.")
    var commands = false

    func run() throws {
        if commands && !repair { throw UsageError(text: "--commands: expected --repair with it") }
        try common.enter()
        let store = try common.open(project: ProjectFolder.of("./x"), creating: false)
        let report = try store.verify(sample: sample)
        if common.json && !repair {
            Output.line(
                JSON.object([
                    "blobs": .number(Double(report.blobs)),
                    "results": .number(Double(report.results)),
                    "bytes": .number(Double(report.bytes)),
                    "damage": .array(
                        report.damage.map {
                            ["path": .string($0.path), "reason": .string($0.reason)]
                        }),
                    "incomplete": .array(report.incomplete.map { .string($0.hex) }),
                ]).canonicalText)
        } else if !common.json {
            for damage in report.damage {
                Output.line("damaged: \(damage.path): \(damage.reason); set aside")
            }
            for key in report.incomplete {
                Output.line(
                    "incomplete: result \(key.short): an output is gone; the next run makes it")
            }
            Output.line(
                "\(report.blobs) blobs (\(report.bytes) bytes) and \(report.results) results read, "
                    + "\(report.damage.count) damaged")
        }
        if repair { return try bringBack(report, store) }
        if !report.damage.isEmpty { throw ExitCode(Code.store) }
    }
}

/// Removes what no kept run reaches.
struct CollectGarbage: ParsableCommand {
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
            project: ProjectFolder.of("./x"), creating: false, exclusive: true)
        let report = try store.collectGarbage(policy, dryRun: dryRun)
        if common.json {
            Output.line(
                JSON.object([
                    "runs": .array(report.runs.map { .string($0) }),
                    "results": .number(Double(report.results)),
                    "blobs": .number(Double(report.blobs)),
                    "bytes": .number(Double(report.bytes)),
                    "keptBytes": .number(Double(report.keptBytes)), "dryRun": .bool(dryRun),
                    "left": .array(report.left.map { .string($0) }),
                ]).canonicalText)
            return
        }
        Output.line(
            "\(dryRun ? "would remove" : "removed") \(report.runs.count) runs, \(report.results) "
                + "results, \(report.blobs) blobs: \(report.bytes) bytes; "
                + "\(report.keptBytes) bytes stay")
        for path in report.left {
            Output.line(
                "\(path) is another account's, left by a program that was killed: it goes with their "
                    + "next command here")
        }
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
