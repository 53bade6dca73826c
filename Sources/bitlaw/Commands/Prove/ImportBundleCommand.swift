import ArgumentParser
import Canon
import Evidence
import System

/// Takes a bundle's results into the store.
struct ImportBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Check a bundle and take its results into the store.",
        discussion: """
            Only results that the store's policy lets through are taken (`trust:` in bitlaw.yaml), and \
            with --key only those that enough distinct signers attest. Exit code 4 where some were not.

            EXAMPLE
              bitlaw bundle import spiral.bundle.tar.zst --key ann.key.pub
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let project = try Consent.project(of: "./x")
        let checked = try CheckedBundle(file, trust, project: project)
        let store = try common.open(project: project)
        let outcome = try BundleImport.run(
            checked.bundle, path: file, into: store, limits: trust.limits,
            known: checked.known.map { $0.key }, refusal: checked.refusal)
        for remark in checked.bundle.remarks { Output.error("note: \(remark)\n") }
        let revoked = checked.signers().filter { $0.isRevoked }
        if common.json {
            Output.document(
                [
                    "stored": .number(Double(outcome.stored)),
                    "known": .number(Double(outcome.known)),
                    "blobs": .number(Double(outcome.blobs)),
                    "conflicts": .array(outcome.conflicts.map { .string($0) }),
                    "refused": .array(outcome.refused.map { .string($0.name) }),
                    "commands": .array(checked.bundle.programs.map { .string(printable($0)) }),
                    "configuration": checked.bundle.configuration.map { .string(printable($0)) }
                        ?? .null,
                    "reasons": .array(outcome.refused.map { .string($0.reason) }),
                ], .bundleImport)
        } else {
            for signer in revoked {
                let results = counted(signer.results, "result is", "results are")
                Output.line("\(results) signed by \(signer.name)")
            }
            for name in outcome.conflicts {
                Output.line("\(name): the store has other bits under this key; both are kept")
            }
            for refused in outcome.refused {
                Output.line("\(refused.name): not taken, \(refused.reason)")
            }
            Output.line(
                "\(counted(outcome.stored, "result")) taken, "
                    + "\(counted(outcome.known, "was", "were")) there, "
                    + counted(outcome.blobs, "blob")
            )
        }
        if !outcome.conflicts.isEmpty || !outcome.refused.isEmpty {
            throw ExitCode(Code.difference)
        }
    }
}
