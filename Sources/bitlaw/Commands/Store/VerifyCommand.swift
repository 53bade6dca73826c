import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import System

/// Reads everything in the store.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in the store; set aside what is damaged, say what is lost.",
        discussion: """
            Exit code 3 when anything is damaged or missing: what the next run makes again, and what is lost \
            for good, is named (docs/damage.md). With --repair, what is damaged or gone comes from a remote \
            or a further store, else its recipe makes it again, and the digest proves it; exit code 3 then \
            means that something stayed lost. A recipe that starts a program is only followed where \
            your account made its result, or with --commands.

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
        let report = try store.verify(
            sample: sample,
            outputs: { name, version in
                allKinds.kind(name).flatMap { kind in
                    // Stages of an open kind name their outputs themselves.
                    kind.version == version && !kind.isOpen ? kind.outputs.map { $0.name } : nil
                }
            })
        let listing = VerifyListing(
            report: report,
            census: try LossCensus(report, store: store, registry: allKinds))
        // Each is in the list.
        _ = store.takeUntoldDamage()
        if !common.json {
            for line in listing.lines { Output.line(line) }
        } else if !repair {
            Output.document(listing.json, .verify)
        }
        if repair { return try bringBack(listing, store) }
        if listing.isBad { throw ExitCode(Code.store) }
    }
}
