import Canon
import Experiment
import LocalStore
import Run
import Workbench

/// What a run found, at the top of its experiment's page: its pages, its laws, and what is to be spent.
struct ExperimentFindings {
    let content: SiteContent
    let details: ActionPages

    /// So many findings are shown, and the rest is counted.
    private static let most = 20

    /// The markup; empty where the run found nothing of that kind.
    func html(of run: ShownRun) throws -> String {
        var lines: [String] = []
        var rest = 0
        for step in run.steps {
            guard let place = step.key.flatMap({ content.places[$0] }),
                let result = content.actions[place].result,
                let ports = allKinds.kind(result.kind)?.outputs.filter({ $0.role != .data })
            else { continue }
            for port in ports {
                guard let output = result.outputs.first(where: { $0.name == port.name }) else {
                    continue
                }
                if lines.count == ExperimentFindings.most {
                    rest += 1
                } else if let line = try line(content.actions[place], port, output) {
                    lines.append(line)
                }
            }
        }
        if lines.isEmpty { return "" }
        let more = rest > 0 ? "<p class=\"rest\">… and \(rest) more.</p>" : ""
        return "<h2>Findings</h2><ul>\(lines.joined())</ul>\(more)\n"
    }

    private func line(
        _ action: SiteContent.Known, _ port: OutputPort, _ output: ActionResult.Output
    ) throws -> String? {
        let name = visible(action.name)
        let start = details.link(to: action.key).map {
            SitePage.link(name, to: "\($0.page)#\($0.name)")
        }
        var html = "<li>" + (start ?? Markup.escape(name))
        if port.role == .page { return html + ": the page</li>" }
        let isSmall = output.size <= OutputPreview.largest
        let bytes = isSmall ? try content.store.bytes(of: output.digest) : nil
        let document = bytes.flatMap { try? JSON(parsing: $0) }
        if port.role == .claims {
            guard let summary = document.flatMap({ ClaimsSummary($0) }) else { return nil }
            return html + ": claims: \(Markup.escape(visible(summary.text, most: 400)))</li>"
        }
        guard let finding = RunResults.finding(document, of: action.name, port) else {
            return html + "</li>"
        }
        html += ": " + Markup.set(visible(finding.text, most: 400))
        for warning in finding.warnings.prefix(3) {
            html +=
                "<br><span class=\"rest\">\(Markup.escape(visible("warning: \(warning)", most: 400)))</span>"
        }
        return html + "</li>"
    }
}
