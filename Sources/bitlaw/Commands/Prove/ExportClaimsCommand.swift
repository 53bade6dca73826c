import ArgumentParser
import Evidence
import Experiment

/// Writes the claims as text for a paper.
struct ExportClaimsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what the outputs give now as LaTeX macros, CSV or a Markdown table.",
        discussion: """
            EXAMPLE
              bitlaw claims export pipelines/spiral.claims.yaml --format latex > own.tex
            """)

    @Argument(help: "The claims file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var common: StoreOptions

    @Option(help: "latex, csv or markdown (default: markdown).")
    var format: String?

    func validate() throws {
        if let format, common.json {
            throw ValidationError("expected --json or --format \(format), found both")
        }
    }

    func run() throws {
        if common.json {
            let checks = try OpenClaims(file, common).checks()
            return Output.documents(checks.map { $0.json }, .claimsCheck)
        }
        guard let format = ClaimsExport(rawValue: self.format ?? "markdown") else {
            let all = ClaimsExport.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw UsageError(text: "--format \(self.format ?? ""): expected one of \(all)")
        }
        let open = try OpenClaims(file, common)
        if format == .latex, let clash = ClaimsExport.clash(open.file.claims) {
            throw UsageError(
                text: "\(file): claims `\(clash.first)` and `\(clash.second)` both give the macro "
                    + "\(clash.macro), for a macro's name has letters only\n"
                    + "  fix: rename one of them")
        }
        let checks = try open.checks()
        Output.write(format.text(checks))
        if checks.contains(where: { $0.verdict != .holds }) {
            Output.error("some claims do not hold: bitlaw claims check \(file)\n")
        }
    }
}
