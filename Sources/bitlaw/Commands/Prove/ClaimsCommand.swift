import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Run
import System
import Workbench

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
            CheckClaims.self, ExportClaims.self, ExplainClaim.self, CompareClaimedText.self,
        ])
}

/// A claims file with its experiment and store.
private struct OpenClaims {
    let file: ClaimsFile
    let graph: ActionGraph
    let store: Store
    let now: ResultList
    let checker: ClaimChecker

    init(_ path: String, _ common: StoreOptions) throws {
        try common.enter()
        file = try ClaimsFile.load(path: path)
        graph = try ExperimentLoader.load(path: file.experiment, registry: allKinds)
        store = try common.open(project: graph.project, creating: false)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        now = ResultList(plan: plan, graph: graph, profile: nil, origin: store.path)
        checker = ClaimChecker(
            graph: graph, store: store, formats: StandardFormats(), now: now,
            lock: try LockFile.readIfAny(LockFile.path(of: graph.file)))
    }

    func checks() throws -> [ClaimCheck] { try file.claims.map { try checker.check($0) } }
}

/// Compares every claim with its output.
struct CheckClaims: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare every claim with its output; exit code 4 where one drifted.",
        discussion: """
            A drifted claim comes with what changed upstream, since the lock file or an earlier run.
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
            Output.line(JSON.array(checks.map { $0.json }).canonicalText)
        } else {
            for check in checks where !common.quiet || check.verdict != .holds {
                for line in check.lines { Output.line(line) }
            }
            let counts = [ClaimCheck.Verdict.holds, .drifted, .missing].map { verdict in
                "\(checks.count { $0.verdict == verdict }) \(verdict.rawValue)"
            }
            Output.line(counts.joined(separator: ", "))
        }
        if checks.contains(where: { $0.verdict == .drifted }) {
            throw ExitCode(Code.difference)
        }
        if checks.contains(where: { $0.verdict == .missing }) { throw ExitCode(Code.failed) }
    }
}

/// Writes the claims as text for a paper.
struct ExportClaims: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what the outputs give now as LaTeX macros, CSV or a Markdown table.",
        discussion: """
            EXAMPLE
              bitlaw claims export pipelines/spiral-small.claims.yaml --format latex > numbers.tex
            """)

    @Argument(help: "The claims file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var common: StoreOptions

    @Option(help: "latex, csv or markdown.")
    var format = "markdown"

    func run() throws {
        guard let format = ClaimsExport(rawValue: format) else {
            let all = ClaimsExport.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw UsageError(text: "--format \(self.format): expected one of \(all)")
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

/// Says where a number comes from.
struct ExplainClaim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "of",
        abstract: "Say where a number comes from: the chain back to the sources.",
        discussion: """
            Looks among the claims first, then among every number of every JSON document and table
            that the experiment gave. Without a file it looks among the claims of every
            pipelines/*.claims.yaml; those whose experiment has no results yet are passed over.

            EXAMPLE
              bitlaw claims of 0.347
              bitlaw claims of 0.347 pipelines/spiral-small.claims.yaml
            """)

    @Argument(help: "The number as it is printed, or a claim's name.")
    var number: String

    @Argument(
        help: "The claims file (default: every pipelines/*.claims.yaml).",
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup var common: StoreOptions

    func run() throws {
        let written = WrittenNumber(number)
        if let file {
            let open = try OpenClaims(file, common)
            if try explain(open, written) { return }
            return try searchOutputs(open, written, file)
        }
        try common.enter()
        let files = try namesInFolder("pipelines").filter { $0.hasSuffix(".claims.yaml") }
        var isFound = false
        for name in files {
            let open = try OpenClaims("pipelines/\(name)", common)
            if try explain(open, written) { isFound = true }
        }
        if isFound { return }
        Output.line(
            "no claim of \(files.count) files in pipelines/ says \(number); with a claims file the "
                + "outputs of its experiment are searched too")
        throw ExitCode(Code.failed)
    }

    /// Prints every claim that says the number, with its chain; whether there was one.
    private func explain(_ open: OpenClaims, _ written: WrittenNumber?) throws -> Bool {
        var isFound = false
        for check in try open.checks() {
            let isValue =
                check.claim.name == number || check.claim.printed == number
                || check.found == number
                || written.map { written in check.number.map(written.isRounding) ?? false } ?? false
            guard isValue else { continue }
            isFound = true
            for line in check.lines { Output.line(line) }
            if !check.claim.statement.isEmpty { Output.line("  \"\(check.claim.statement)\"") }
            for line in Lineage(of: check.claim.action, in: open.graph).lines(open.now) {
                Output.line("  \(line)")
            }
        }
        return isFound
    }

    private func searchOutputs(_ open: OpenClaims, _ written: WrittenNumber?, _ file: String)
        throws
    {
        guard let written else {
            throw UsageError(
                text: "\(number): expected a claim's name or a number, found neither in \(file)")
        }
        Output.line(
            "no claim of \(file) says \(number); numbers of the experiment that round to it:")
        let found = try search(written, open)
        for place in found.prefix(20) { Output.line("  \(place.text)") }
        guard let first = found.first else {
            Output.line("  none")
            throw ExitCode(Code.failed)
        }
        if found.count > 20 { Output.line("  and \(found.count - 20) more") }
        Output.line("the first of them comes from:")
        for line in Lineage(of: first.action, in: open.graph).lines(open.now) {
            Output.line("  \(line)")
        }
    }

    /// Numbers of any output that round to the written one, those of the last stages first.
    private func search(
        _ written: WrittenNumber, _ open: OpenClaims
    ) throws -> [(action: String, text: String)] {
        var found: [(action: String, text: String)] = []
        let formats = StandardFormats()
        for action in open.graph.actions.reversed() {
            let kind = open.graph.stage(of: action).kind
            for output in open.now[action.name]?.outputs ?? [] {
                let fileName = kind.outputs.first { $0.name == output.name }?.fileName ?? ""
                guard fileName.hasSuffix(".json") || fileName.hasSuffix(".csv"),
                    let bytes = try open.store.bytes(of: output.digest)
                else { continue }
                for (place, value) in formats.numbers(in: bytes, fileName: fileName)
                where written.isRounding(of: value) {
                    found.append(
                        (action.name, "\(action.name)/\(output.name): \(place) = \(value)"))
                }
            }
        }
        return found
    }
}
