import Canon
import Experiment
import LocalStore
import Run
import System
import Workbench

/// What runs at this moment: how far each run and each action is, their numbers, and the ends of the logs.
struct LivePage {
    private let content: SiteContent
    private let refresh: Int?

    init(_ content: SiteContent, refresh: Int?) {
        self.content = content
        self.refresh = refresh
    }

    private static let mostLog = 2000

    /// The page's bytes.
    var bytes: [UInt8] {
        var page = SitePage(
            title: "What runs at this moment", trail: [("All results", SiteWriter.index)],
            refresh: refresh.map { min($0, 2) })
        if refresh == nil {
            page.paragraph("This page does not change: bitlaw browse --watch keeps it current.")
        }
        let running = content.runs.filter { $0.isRunning }
        if running.isEmpty { page.paragraph("No run of this store goes on.") }
        for run in running {
            let done = run.steps.count { $0.state == "done" }
            page.add("<p>" + SitePage.link(visible(run.name), to: SiteWriter.page(ofRun: run)))
            page.add(
                Markup.escape(
                    " of \(visible(run.experiment)): \(done) of \(counted(run.steps.count, "action")) "
                        + "begun or found are done") + "</p>\n")
        }
        let attempts = content.store.attemptsGoingOn()
        if !attempts.isEmpty { page.heading("Actions") }
        for (key, folder) in attempts {
            let name = content.places[key].map { content.actions[$0].name } ?? key.short
            page.add("<section class=\"running\"><h3>\(Markup.escape(visible(name)))</h3>\n")
            page.add(LivePage.progress(ProgressTrail.moments(in: folder)))
            let log = String(
                decoding: LogParts.end(folder, count: LivePage.mostLog), as: UTF8.self)
            if !log.isEmpty { page.add(OutputPreview.lines(log, 20)) }
            page.add("</section>\n")
        }
        return page.bytes
    }

    /// How far an action is, how long it still takes at its pace, and the numbers that it tells.
    private static func progress(_ moments: [ProgressTrail.Moment]) -> String {
        guard let last = moments.last else { return "" }
        var html = ""
        let (done, total) = (last.progress.done, last.progress.total)
        if total > 0 {
            var text = "\(done) of \(total), \(done * 100 / total) %, after \(spoken(last.seconds))"
            // From the first moment on: what a state went on from took no time here.
            if let first = moments.first, done > first.progress.done, done < total {
                let pace =
                    (last.seconds - first.seconds) / Double(done - first.progress.done)
                text += ", about \(spoken(pace * Double(total - done))) left"
            }
            html += "<p><progress max=\"\(total)\" value=\"\(done)\"></progress> "
            html += Markup.escape(text) + "</p>\n"
        }
        if !last.progress.note.isEmpty {
            html += "<p>\(Markup.escape(visible(last.progress.note)))</p>\n"
        }
        return html + LiveMetrics(moments.map { $0.progress.note }).html
    }

    private static func spoken(_ seconds: Double) -> String {
        seconds < 120
            ? "\(Int(seconds.rounded())) s"
            : seconds < 7200
                ? "\(Int((seconds / 60).rounded())) min" : "\(Int((seconds / 3600).rounded())) h"
    }
}
