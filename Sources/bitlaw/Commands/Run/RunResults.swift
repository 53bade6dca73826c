import Canon
import Experiment
import LocalStore
import Run
import System
import Workbench

/// What a person wants at the end of a run: laws, allocations, designs, claims and reports.
struct RunResults {
    /// What an action found, in one line, with what a reader should know before using it.
    struct Finding {
        let action, text: String
        let warnings: [String]
        /// The file that says it.
        let file: String

        /// For people: the gravest warnings below the line that they speak of.
        var lines: [String] {
            ["\(action): \(text)"]
                + ShownWarnings.lines(warnings, in: file).map { "  warning: \($0)" }
        }

        /// For programs.
        var json: JSON {
            [
                "action": .string(action), "text": .string(text),
                "warnings": .array(warnings.map { .string($0) }),
            ]
        }
    }

    var laws: [Finding] = []
    var allocations: [Finding] = []
    var designs: [Finding] = []
    /// How the claims of pages that judge any came out, by action.
    var claims: [(action: String, summary: ClaimsSummary)] = []
    var reports: [String] = []
    /// Where a page was to be written, and something that Bitlaw did not write is there.
    var unwritten: [ExportRefusal.Standing] = []
    /// How many actions are frozen.
    var frozen = 0
    /// Options that had no effect, each in a sentence.
    var idle: [String] = []
    /// What `--force` executed again.
    var repeats: [RepeatedAction] = []
    /// What a person may do next.
    var next: NextSteps?
    /// What came from remotes.
    var fetched: [(index: Int, remote: String)] = []
    /// Whether an output that is shown had no good copy.
    var isDamaged = false
    /// Actions that are not as the lock file says.
    var unlocked: [ResultDifference] = []

    /// Reads the laws, and puts the reports where a browser can open them.
    static func collect(_ graph: ActionGraph, _ store: Store, _ engine: Engine) throws -> RunResults
    {
        var results = RunResults()
        results.next = NextSteps(graph: graph, engine: engine)
        for action in graph.actions where engine.isWanted(action.index) {
            let kind = graph.stage(of: action).kind
            let outputs = engine.outputs(of: action.index)
            if action.frozen != nil && engine.state(of: action.index) == .cached {
                results.frozen += 1
            }
            for port in kind.outputs where RunResults.told.contains(port.role) {
                guard let output = outputs.first(where: { $0.name == port.name }) else { continue }
                guard let bytes = try store.bytes(of: output.digest) else {
                    results.isDamaged = true
                    continue
                }
                results.add(try? JSON(parsing: bytes), of: action.name, port)
            }
            for port in kind.outputs where port.role == .page {
                guard let output = outputs.first(where: { $0.name == port.name }) else { continue }
                try results.add(
                    ExportItem(
                        action: action, output: port.name, digest: output.digest,
                        name: ExportName.ofPage(action, port, in: graph)),
                    by: Exporter(store, graph))
            }
        }
        return results
    }

    /// The outputs that are told at the end.
    private static let told: Set<OutputRole> = [.law, .allocation, .design, .claims]

    /// Keeps what a document says in one line.
    private mutating func add(_ document: JSON?, of action: String, _ port: OutputPort) {
        if port.role == .claims, let summary = document.flatMap({ ClaimsSummary($0) }) {
            claims.append((action, summary))
        }
        guard let finding = RunResults.finding(document, of: action, port) else { return }
        switch port.role {
        case .law: laws.append(finding)
        case .allocation: allocations.append(finding)
        case .design: designs.append(finding)
        case .data, .page, .claims: break
        }
    }

    /// What a document of an action says in one line; `nil` for one that is no finding.
    static func finding(_ document: JSON?, of action: String, _ port: OutputPort) -> Finding? {
        let text: String
        switch port.role {
        case .law: text = document.map(LawSummary.text) ?? "no law"
        case .allocation: text = document.map(AllocationSummary.text) ?? "no allocation"
        case .design: text = document.map(DesignSummary.text) ?? "no design"
        case .data, .page, .claims: return nil
        }
        let warnings = (document?["warnings"]?.elements ?? []).compactMap { $0.text }
        return Finding(action: action, text: text, warnings: warnings, file: port.fileName)
    }

    /// Puts a page where a browser can open it, unless something else is there.
    private mutating func add(_ page: ExportItem, by exporter: Exporter) throws {
        do {
            for file in try exporter.export([page]) {
                if file.state == .lost { isDamaged = true } else { reports.append(file.path) }
            }
        } catch let refusal as ExportRefusal {
            unwritten += refusal.files
        }
    }

    /// The end of a run, for people.
    func lines(_ summary: RunSummary, of file: String, quiet: Bool) -> [String] {
        var lines: [String] = []
        if !quiet {
            lines.append("\(counts(summary)) in \(Duration.text(summary.seconds))")
            lines += summary.elsewhere.lines
            if summary.elsewhere.count > 0 {
                lines.append("  make them here: bitlaw run \(file) --same-tools")
            }
            if summary.isInterrupted {
                lines.append("interrupted; what finished is kept, the same command goes on")
            }
        }
        lines += (laws + allocations + designs).flatMap { $0.lines }
        lines += claims.map { "claims of \($0.action): \($0.summary.text)" }
        lines += reports.map { "report: \($0)" }
        for page in unwritten {
            lines.append("report: not written, for \(page.path) stands in its way: \(page.reason)")
            lines.append("  fix: move it away, or replace it: bitlaw report \(file) --force")
        }
        lines += unlocked.flatMap { $0.lines }.map { "not as locked: \($0)" }
        lines += RepeatedAction.lines(repeats, quiet: quiet) + idle
        if !quiet && !summary.isInterrupted {
            let failures = summary.count(.failed) + summary.count(.skipped)
            lines += next?.lines(hasFailures: failures > 0, hasReports: !reports.isEmpty) ?? []
        }
        return lines
    }

    /// How many actions ended how.
    func counts(_ summary: RunSummary) -> String {
        var parts: [String] = []
        for state in [ActionState.ran, .cached, .failed, .skipped, .pending] {
            let count = summary.count(state)
            if count > 0 || state == .ran {
                parts.append("\(count) \(state == .pending ? "not reached" : state.rawValue)")
            }
        }
        if frozen > 0 { parts.append("\(frozen) of these frozen") }
        if !fetched.isEmpty { parts.append("\(fetched.count) of these from remotes") }
        return parts.joined(separator: ", ")
    }

    /// The end of a run, for programs.
    func json(_ summary: RunSummary) -> JSON {
        [
            "event": "summary", "ran": .number(Double(summary.count(.ran))),
            "cached": .number(Double(summary.count(.cached))),
            "fetched": .number(Double(fetched.count)),
            "failed": .number(Double(summary.count(.failed))),
            "skipped": .number(Double(summary.count(.skipped))),
            "pending": .number(Double(summary.count(.pending))),
            "interrupted": .bool(summary.isInterrupted), "seconds": .number(summary.seconds),
            "run": summary.run.map { .string($0) } ?? .null,
            "laws": .array(laws.map { $0.json }),
            "allocations": .array(allocations.map { $0.json }),
            "designs": .array(designs.map { $0.json }),
            "claims": .array(claims.map { $0.summary.json(of: $0.action) }),
            "madeElsewhere": .number(Double(summary.elsewhere.count)),
            "frozen": .number(Double(frozen)), "repeated": .array(repeats.map { $0.json }),
            "reports": .array(reports.map { .string($0) }),
            "unwritten": .array(unwritten.map { .string($0.path) }),
            "unlocked": .array(unlocked.map { $0.json }),
            "withoutEffect": .array(idle.map { .string($0) }),
        ]
    }
}
