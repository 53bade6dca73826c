import ArgumentParser

/// Numbers and figures of a paper, bound to outputs.
struct ClaimsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claims",
        abstract: "Check, export and explain the numbers and figures that a paper claims.",
        discussion: """
            A claims file binds each number, word or figure to an output: docs/auditing.md.

            EXAMPLE
              bitlaw claims check pipelines/spiral-small.claims.yaml
              bitlaw claims export pipelines/spiral-small.claims.yaml --format latex
              bitlaw claims of 0.347 pipelines/spiral-small.claims.yaml
              bitlaw claims text docs/LAWS.md
            """,
        subcommands: [
            CheckClaimsCommand.self, ExportClaimsCommand.self, ExplainClaimCommand.self,
            CompareClaimedTextCommand.self,
        ])
}
