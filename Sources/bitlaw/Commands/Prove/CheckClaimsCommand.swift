import ArgumentParser
import Canon
import Evidence
import Workbench

/// Compares every claim with its output.
struct CheckClaimsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare every claim with its output; exit code 4 where one drifted.",
        discussion: """
            A drifted claim comes with what changed upstream, since the lock file or an earlier run. \
            Exit code 1 where a claim has no output to be compared with.

            EXAMPLE
              bitlaw claims check pipelines/spiral-small.claims.yaml
            """)

    @Argument(help: "The claims file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var common: StoreOptions

    func run() throws {
        let checks = try OpenClaims(file, common).checks()
        if common.json {
            Output.documents(checks.map { $0.json }, .claimsCheck)
        } else {
            for check in checks where !common.quiet || check.verdict != .holds {
                for line in check.lines { Output.line(line) }
            }
            let counts = [ClaimCheck.Verdict.holds, .drifted, .missing].map { verdict in
                "\(checks.count { $0.verdict == verdict }) \(verdict.rawValue)"
            }
            let told = checks.count { $0.verdict == .told }
            Output.line(
                (counts + (told > 0 ? ["\(told) told, not judged"] : [])).joined(separator: ", "))
        }
        if checks.contains(where: { $0.verdict == .drifted }) {
            throw ExitCode(Code.difference)
        }
        if checks.contains(where: { $0.verdict == .missing }) { throw ExitCode(Code.failed) }
    }
}
