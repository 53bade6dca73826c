import ArgumentParser

/// One file with everything that proves an experiment.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write, check or import one file with everything that proves an experiment.",
        discussion: """
            A bundle is a tar archive in zstd: experiment, lock file, key documents, results, signed \
            audits, a script of every recipe, and verify.py, which checks it without bitlaw.

            EXAMPLE
              bitlaw bundle pipelines/spiral.yaml
              bitlaw bundle verify spiral.bundle.tar.zst
              bitlaw bundle import spiral.bundle.tar.zst
            """,
        subcommands: [
            CreateBundleCommand.self, VerifyBundleCommand.self, ImportBundleCommand.self,
            PrintVerifierCommand.self,
        ],
        defaultSubcommand: CreateBundleCommand.self)
}
