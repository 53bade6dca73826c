import ArgumentParser
import Canon
import LocalStore
import System
import Trust

/// Takes over what the person made before, or elsewhere.
struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take over a store that you made before, or on another machine, as made here.",
        discussion: """
            Results made by an earlier version, with another secret of your account or on another \
            machine prove nothing here: push and bundle do not sign them, and verify --repair does not \
            run their programs. Adopt the store if its results are your own. Every blob that they name \
            is read and hashed; nothing is executed. A store of somebody else is not yours: bitlaw sign \
            --after spot-check executes their results here, and signs what comes out the same.

            EXIT CODES
              0 done   3 something is damaged, and not taken over

            EXAMPLE
              bitlaw adopt -n
              bitlaw adopt --store /backup/laptop/.cache
            """)

    @OptionGroup var common: StoreOptions

    @Flag(name: [.customShort("n"), .long], help: "Only say what would be taken over.")
    var dryRun = false

    func run() throws {
        try common.enter()
        let store = try common.open(project: try Consent.project(of: "./x"), creating: false)
        // Only to look, no secret has to be made: without one, nothing is the account's own.
        let account = dryRun ? try Account.known() ?? AccountSecret() : try Account.secret()
        guard let account else {
            throw UsageError(
                text: "without a secret of your account nothing can be taken over\n"
                    + "  fix: name a file of 32 random bytes, mode 600, in BITLAW_ACCOUNT_SECRET")
        }
        let report = try store.adopt(for: account, writing: !dryRun)
        if common.json {
            Output.document(json(report), .adopt)
        } else {
            for line in lines(report) { Output.line(line) }
        }
        if report.damaged > 0 { throw ExitCode(Code.store) }
    }

    private func lines(_ report: AdoptionReport) -> [String] {
        func text(_ count: AdoptionReport.Count) -> String {
            counted(count.results, "result") + " and "
                + counted(count.records, "record of a run", "records of runs")
        }
        var lines = report.refused.map { "not adopted: \($0.what): \($0.reason)" }
        lines.append(
            "\(dryRun ? "would adopt" : "adopted") \(text(report.adopted)); "
                + "\(text(report.known)) were yours already; \(report.refused.count) not adopted, "
                + "\(report.damaged) damaged; \(counted(report.blobs, "blob")) read")
        if report.damaged > 0 {
            lines.append(
                "  fix: bitlaw verify --repair, or bitlaw run the experiment; then adopt again")
        }
        return lines
    }

    private func json(_ report: AdoptionReport) -> JSON {
        func json(_ count: AdoptionReport.Count) -> JSON {
            ["results": .number(Double(count.results)), "records": .number(Double(count.records))]
        }
        return [
            "adopted": json(report.adopted), "known": json(report.known),
            "refused": .array(
                report.refused.map { ["what": .string($0.what), "reason": .string($0.reason)] }),
            "damaged": .number(Double(report.damaged)), "blobs": .number(Double(report.blobs)),
            "dryRun": .bool(dryRun),
        ]
    }
}
