import Canon
import Experiment
import LocalStore
import Run
import Workbench

/// Writes the pages over a store into a folder.
struct SiteWriter {
    let content: SiteContent
    let folder: SiteFolder
    /// Whether pages look for newer ones of themselves, and after how many seconds.
    let refresh: Int?

    static let index = "index.html"
    static let now = "now.html"
    /// About so many bytes of rows stand on one page.
    static let mostOnPage = 1_500_000
    /// How many of the newest pairs of runs of an experiment are compared.
    static let mostPairs = 3

    /// Writes all pages.
    func write() throws {
        folder.begin()
        let details = ActionPages(content: content, folder: folder)
        try details.write()
        for experiment in content.experiments { try write(experiment, details) }
        let compared = try comparisons()
        for (place, run) in content.runs.enumerated() {
            try write(run, details, compared[place])
        }
        try folder.write(LivePage(content, refresh: refresh).bytes, to: SiteWriter.now)
        try writeIndex()
        try folder.end()
    }

    static func page(ofRun run: ShownRun) -> String { SiteFolder.name("run", run.name) }
    static func page(ofExperiment name: String) -> String { SiteFolder.name("experiment", name) }

    static func page(ofStage stage: String, of experiment: String, part: Int = 0) -> String {
        SiteFolder.name("stage", experiment, stage, number: part == 0 ? nil : part + 1)
    }

    private func row(of run: ShownRun) -> [JSON] {
        let done = run.steps.count { ["ran", "cached", "done"].contains($0.state) }
        return [
            .string(visible(run.name)), .string(visible(run.experiment)),
            .string(visible(run.outcome)), .string(visible(run.startedAt)),
            run.seconds.map { .number($0) } ?? .null, .number(Double(run.steps.count)),
            .number(Double(done)),
            .number(Double(run.steps.count { $0.state == "failed" })),
        ]
    }

    private static let runColumns = [
        "run", "experiment", "outcome", "started", "seconds", "actions", "done", "failed",
    ]

    private func writeIndex() throws {
        var page = SitePage(title: "Results of \(content.store.path)", refresh: refresh)
        page.paragraph("Written by bitlaw browse. Numbers lead to the action that gave them.")
        page.add("<p>" + SitePage.link("What runs at this moment", to: SiteWriter.now) + "</p>\n")
        page.heading("Experiments")
        if content.experiments.isEmpty { page.paragraph("The store has no run.") }
        page.add("<ul>")
        for name in content.experiments {
            let runs = content.runs.filter { $0.experiment == name }
            page.add(
                "<li>" + SitePage.link(visible(name), to: SiteWriter.page(ofExperiment: name))
                    + Markup.escape(
                        ", \(counted(runs.count, "run")), the newest \(visible(runs[0].outcome))")
                    + "</li>")
        }
        page.add("</ul>\n")
        page.heading("Runs")
        var table = SiteTable(columns: SiteWriter.runColumns)
        for run in content.runs {
            table.add(row(of: run), link: (SiteWriter.page(ofRun: run), ""))
        }
        if content.olderRuns > 0 {
            let older = counted(content.olderRuns, "older run")
            page.paragraph("Not shown: \(older). --runs N shows more.")
        }
        page.add(table)
        try folder.write(page.bytes, to: SiteWriter.index)
    }

    // MARK: Experiments and their stages

    private func write(_ experiment: String, _ details: ActionPages) throws {
        let runs = content.runs.filter { $0.experiment == experiment }
        guard let newest = runs.first(where: { !$0.steps.isEmpty }) ?? runs.first else { return }
        let stages = StageSteps.all(of: newest)
        var page = SitePage(
            title: visible(experiment), trail: [("All results", SiteWriter.index)],
            refresh: refresh)
        page.facts([
            ("file", visible(newest.file)), ("newest run", visible(newest.name)),
            ("outcome", visible(newest.outcome)),
        ])
        page.add(try ExperimentFindings(content: content, details: details).html(of: newest))
        let summaries = stages.map { stage in summary(of: stage) }
        page.add("<h2>Stages</h2>\n\(StageDiagram(StageSteps.ordered(summaries)).svg)\n")
        var table = SiteTable(columns: ["stage", "kind", "actions", "done", "failed", "seconds"])
        for (stage, summary) in zip(stages, summaries) {
            table.add(
                [
                    .string(visible(stage.name)), .string(summary.kind),
                    .number(Double(summary.actions)), .number(Double(summary.done)),
                    .number(Double(summary.failed)), .number(summary.seconds),
                ], link: (SiteWriter.page(ofStage: stage.name, of: experiment), ""))
            try write(stage, of: newest, details)
        }
        page.add(table)
        page.heading("Runs")
        page.add("<ul>")
        for run in runs {
            page.add(
                "<li>" + SitePage.link(visible(run.name), to: SiteWriter.page(ofRun: run)) + ", "
                    + Markup.escape(visible(run.outcome)) + "</li>")
        }
        page.add("</ul>\n")
        try folder.write(page.bytes, to: SiteWriter.page(ofExperiment: experiment))
    }

    private func summary(of stage: StageSteps) -> StageSummary {
        let known = stage.steps.compactMap { $0.key.flatMap { content.places[$0] } }
            .map { content.actions[$0] }
        var reads: Set<String> = []
        for action in known.prefix(200) {
            for input in SiteContent.inputs(of: action) {
                // Of several actions with the same bytes the one of this experiment is meant.
                let producers = (content.producers[input.digest] ?? []).map { content.actions[$0] }
                if let own = producers.first(where: { $0.experiment == action.experiment }),
                    own.stage != stage.name
                {
                    reads.insert(own.stage)
                }
            }
        }
        let kind = known.lazy.compactMap { $0.result }.first.map { "\($0.kind)/\($0.version)" }
        var summary = StageSummary(
            name: stage.name, kind: kind ?? "", reads: reads.sorted(), axes: [], replicates: [])
        summary.actions = stage.steps.count
        summary.failed = stage.steps.count { $0.state == "failed" }
        summary.done = known.count { $0.result != nil }
        summary.seconds = known.reduce(0) { $0 + ($1.result?.seconds ?? 0) }
        return summary
    }

    private func write(_ stage: StageSteps, of run: ShownRun, _ details: ActionPages) throws {
        let values = ResultTable(stage.steps.map { details.facts(of: $0, run.experiment) })
            .withoutEmptyColumns
        let columns = values.columns.map { visible($0.name) }
        var tables = [SiteTable(columns: columns)]
        for (step, row) in zip(stage.steps, values.rows) {
            if tables[tables.count - 1].size > SiteWriter.mostOnPage {
                tables.append(SiteTable(columns: columns))
            }
            let cells = row.map { value in value.text.map { .string(visible($0)) } ?? value }
            tables[tables.count - 1].add(cells, link: step.key.flatMap { details.link(to: $0) })
        }
        for (part, table) in tables.enumerated() {
            var page = SitePage(
                title: visible(stage.name),
                trail: [
                    ("All results", SiteWriter.index),
                    (visible(run.experiment), SiteWriter.page(ofExperiment: run.experiment)),
                ], refresh: refresh)
            if tables.count > 1 {
                page.paragraph(
                    "Part \(part + 1) of \(tables.count): sorting and filtering are of this part.")
                page.add("<p>")
                for other in tables.indices {
                    let name = SiteWriter.page(ofStage: stage.name, of: run.experiment, part: other)
                    page.add(SitePage.link("part \(other + 1)", to: name) + " ")
                }
                page.add("</p>\n")
            }
            for remark in values.remarks { page.paragraph(visible(remark, most: 400)) }
            page.add(table)
            try folder.write(
                page.bytes,
                to: SiteWriter.page(ofStage: stage.name, of: run.experiment, part: part))
        }
    }

    // MARK: Runs

    private func write(_ run: ShownRun, _ details: ActionPages, _ compared: String?) throws {
        var tables = [SiteTable(columns: ["action", "stage", "state", "seconds"])]
        for step in run.steps {
            if tables[tables.count - 1].size > SiteWriter.mostOnPage {
                tables.append(SiteTable(columns: tables[0].columns))
            }
            tables[tables.count - 1].add(
                [
                    .string(visible(step.name)), .string(visible(step.stage)),
                    .string(visible(step.state)), step.seconds.map { .number($0) } ?? .null,
                ], link: step.key.flatMap { details.link(to: $0) })
        }
        for (part, table) in tables.enumerated() {
            var page = SitePage(
                title: "Run \(visible(run.name))",
                trail: [
                    ("All results", SiteWriter.index),
                    (visible(run.experiment), SiteWriter.page(ofExperiment: run.experiment)),
                ], refresh: run.isRunning ? refresh : nil)
            page.facts(
                [
                    ("experiment", visible(run.experiment)), ("file", visible(run.file)),
                    ("outcome", visible(run.outcome)), ("started", visible(run.startedAt)),
                    ("took", run.seconds.map { Duration.text($0) } ?? "it has not ended"),
                ] + run.environment.map { (visible($0.name), visible($0.value)) })
            if let compared, part == 0 {
                page.add(
                    "<p>" + SitePage.link("Beside the run before it", to: compared) + "</p>\n")
            }
            if tables.count > 1 {
                page.paragraph(
                    "Part \(part + 1) of \(tables.count): sorting and filtering are of this part.")
            }
            if part + 1 < tables.count {
                let next = SiteFolder.name("run", run.name, number: part + 2)
                page.add("<p>" + SitePage.link("part \(part + 2)", to: next) + "</p>\n")
            }
            page.add(table)
            let own =
                part == 0
                ? SiteWriter.page(ofRun: run) : SiteFolder.name("run", run.name, number: part + 1)
            try folder.write(page.bytes, to: own)
        }
    }

    // MARK: Two runs side by side

    /// The pages that compare a run with the one before it, by the run's place.
    private func comparisons() throws -> [Int: String] {
        var pages: [Int: String] = [:]
        for experiment in content.experiments {
            let places = content.runs.indices.filter {
                content.runs[$0].experiment == experiment && content.runs[$0].record != nil
            }
            for (later, earlier) in zip(places, places.dropFirst()).prefix(SiteWriter.mostPairs) {
                let (second, first) = (content.runs[later], content.runs[earlier])
                guard let new = second.record, let old = first.record else { continue }
                let name = SiteFolder.name("beside", first.name, second.name)
                let pair = RunPair(
                    first: try ResultList(run: old, name: first.name),
                    second: try ResultList(run: new, name: second.name), store: content.store)
                try folder.write(pair.page(of: first, and: second), to: name)
                pages[later] = name
            }
        }
        return pages
    }
}
