import Canon
import Experiment
import LocalStore
import Run
import System
import Workbench

/// What a person wants at the end of a run: laws and reports.
struct RunResults {
    var laws: [(action: String, text: String)] = []
    var reports: [String] = []
    /// Where a page was to be written, and something that Bitlaw did not write is there.
    var unwritten: [ExportRefusal.Standing] = []
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
        for action in graph.actions where engine.isWanted(action.index) {
            let kind = graph.stage(of: action).kind
            let outputs = engine.outputs(of: action.index)
            for port in kind.outputs where port.role == .law {
                guard let law = outputs.first(where: { $0.name == port.name }) else { continue }
                if let bytes = try store.bytes(of: law.digest) {
                    let text = (try? JSON(parsing: bytes)).map(LawSummary.text) ?? "no law"
                    results.laws.append((action.name, text))
                } else {
                    results.isDamaged = true
                }
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
            if summary.isInterrupted {
                lines.append("interrupted; what finished is kept, the same command goes on")
            }
        }
        lines += laws.map { "\($0.action): \($0.text)" }
        lines += reports.map { "report: \($0)" }
        for page in unwritten {
            lines.append("report: not written, for \(page.path) stands in its way: \(page.reason)")
            lines.append("  fix: move it away, or replace it: bitlaw report \(file) --force")
        }
        lines += unlocked.flatMap { $0.lines }.map { "not as locked: \($0)" }
        return lines
    }

    private func counts(_ summary: RunSummary) -> String {
        var parts: [String] = []
        for state in [ActionState.ran, .cached, .failed, .skipped, .pending] {
            let count = summary.count(state)
            if count > 0 || state == .ran {
                parts.append("\(count) \(state == .pending ? "not reached" : state.rawValue)")
            }
        }
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
            "laws": .array(laws.map { ["action": .string($0.action), "text": .string($0.text)] }),
            "reports": .array(reports.map { .string($0) }),
            "unwritten": .array(unwritten.map { .string($0.path) }),
            "unlocked": .array(unlocked.map { $0.json }),
        ]
    }
}
