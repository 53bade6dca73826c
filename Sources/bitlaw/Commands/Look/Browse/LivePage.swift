import Canon
import LocalStore
import Run
import System
import Workbench

/// What runs at this moment: how far each run is, and the ends of the logs.
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
            let log = String(
                decoding: LogParts.end(folder, count: LivePage.mostLog), as: UTF8.self)
            if !log.isEmpty { page.add(OutputPreview.lines(log, 20)) }
            page.add("</section>\n")
        }
        return page.bytes
    }
}
