import ArgumentParser
import Canon
import LocalStore
import System

/// Reads everything in the store.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read and hash the store's blobs and results; set aside what is damaged.",
        discussion: """
            Exit code 3 when something was damaged; the next run makes it again. With --repair, what \
            is damaged or gone comes from a remote or a further store, else its recipe makes it again, \
            and the digest proves it; exit code 3 then means that something stayed lost. A recipe that \
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
        let store = try common.open(project: try Consent.project(of: "./x"), creating: false)
        let report = try store.verify(sample: sample)
        if !common.json {
            for line in lines(report) { Output.lines(line) }
        } else if !repair {
            Output.line(json(report).canonicalText)
        }
        if repair { return try bringBack(report, store) }
        if !report.damage.isEmpty { throw ExitCode(Code.store) }
    }

    private func lines(_ report: VerifyReport) -> [String] {
        report.damage.map { "damaged: \($0.path): \($0.reason); set aside" }
            + report.incomplete.map {
                "incomplete: result \($0.short): an output is gone; the next run makes it"
            }
            + [
                "\(counted(report.blobs, "blob")) (\(counted(report.bytes, "byte"))) and "
                    + "\(counted(report.results, "result")) read, \(report.damage.count) damaged"
            ]
    }

    private func json(_ report: VerifyReport) -> JSON {
        [
            "blobs": .number(Double(report.blobs)), "results": .number(Double(report.results)),
            "bytes": .number(Double(report.bytes)),
            "damage": .array(
                report.damage.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
            "incomplete": .array(report.incomplete.map { .string($0.hex) }),
        ]
    }
}
