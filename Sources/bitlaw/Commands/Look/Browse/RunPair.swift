import Canon
import Experiment
import LocalStore
import Run
import Workbench

/// Two runs side by side, as `compare` tells them.
struct RunPair {
    let first: ResultList
    let second: ResultList
    let store: Store

    /// The page of two runs.
    func page(of earlier: ShownRun, and later: ShownRun) -> [UInt8] {
        let differences = ResultDifference.list(first, second) { store.keyDocument($0) }
        let report = ComparedResults(
            first: first, second: second, differences: differences,
            numbers: ResultComparison(
                StoredFacts(first, [store]).facts, StoredFacts(second, [store]).facts))
        var page = SitePage(
            title: "Two runs of \(visible(later.experiment))",
            trail: [
                ("All results", SiteWriter.index),
                (visible(later.experiment), SiteWriter.page(ofExperiment: later.experiment)),
            ])
        page.add("<dl><dt>first</dt><dd>")
        page.add(SitePage.link(visible(earlier.name), to: SiteWriter.page(ofRun: earlier)))
        page.add("</dd><dt>second</dt><dd>")
        page.add(SitePage.link(visible(later.name), to: SiteWriter.page(ofRun: later)))
        page.add("</dd></dl>\n")
        let json = report.json
        page.paragraph(
            json["firstStage"]?.text.map { "The first stage whose outputs differ: \(visible($0))." }
                ?? "No output of an action that both have differs.")
        for (member, side) in [("onlyFirst", "first"), ("onlySecond", "second")] {
            let names = (json[member]?.elements ?? []).compactMap { $0.text }
            if !names.isEmpty {
                page.paragraph("Only in the \(side): \(visible(firstFew(names), most: 800)).")
            }
        }
        let parameters = json["parameters"]?.elements ?? []
        if !parameters.isEmpty { page.heading("Parameters that differ") }
        for parameter in parameters.prefix(40) {
            let count = counted(parameter["actions"]?.integer ?? 0, "action")
            page.paragraph(
                visible(
                    "\(parameter["stage"]?.text ?? ""): \(parameter["change"]?.text ?? "")",
                    most: 400)
                    + " (\(count))")
        }
        if parameters.count > 40 { page.paragraph("… and \(parameters.count - 40) more.") }
        page.heading("Numbers that differ")
        page.paragraph(
            "Means over the actions that both have; scatter is the standard deviation of the "
                + "differences.")
        for remark in report.numbers.remarks { page.paragraph(visible(remark, most: 800)) }
        var table = SiteTable(
            columns: ["stage", "number", "first", "second", "difference", "scatter", "actions"])
        for line in report.numbers.lines {
            table.add([
                .string(visible(line.stage)), .string(visible(line.name)), .number(line.first),
                .number(line.second), .number(line.difference),
                line.scatter.map { .number($0) } ?? .null, .number(Double(line.count)),
            ])
        }
        page.add(table)
        return page.bytes
    }
}
