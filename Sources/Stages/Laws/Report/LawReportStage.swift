import Canon
package import Experiment
import System
import Workbench

/// A page with published numbers beside ours, plots, tables and checklists.
package enum LawReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.report", version: 6,
        summary:
            "A report: published numbers beside ours with verdicts, plots, tables, checklists.",
        source: "our own; the checklist is ours, after Li et al., arXiv 2502.18969",
        parameters: [
            ReportPorts.title,
            Parameter("subtitle", .text, default: "", "The work that is reproduced."),
            ReportPorts.text,
            Parameter(
                "checks", .list(.any, count: 0...1000), default: [],
                """
                Published numbers, each {what, source, published, tolerance, absolute, of, path, \
                note}: of is the action, path leads to the number in its JSON.
                """),
        ],
        inputs: [
            InputPort(
                "results", "JSON documents that checks look into; laws show their checklist",
                isOptional: true, isCollection: true, takesSeveralStages: true),
            ReportPorts.plots,
            InputPort(
                "tables", "CSV tables", isOptional: true, isCollection: true,
                takesSeveralStages: true),
        ],
        outputs: [
            ReportPorts.page,
            OutputPort(
                "checks", fileName: "checks.json", "Each published number, ours, the verdict."),
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let results = try context.inputs("results").map { input in
            (input: input, json: try JSON(parsing: input.bytes()))
        }
        var page = ReportPage(
            title: parameters.text("title"),
            subtitle: Markup.escape(parameters.text("subtitle")))
        page.paragraphs(parameters.texts("text"))
        let checks = try (parameters.value("checks").elements ?? []).map {
            try PublishedNumber($0, results)
        }
        if !checks.isEmpty {
            page.heading("Published numbers and ours")
            page.table(
                ["number", "source", "published", "ours", "difference", "verdict"],
                checks.map { $0.row(&page) })
            for check in checks where !check.note.isEmpty {
                page.paragraph(
                    "<strong>\(Markup.escape(check.what))</strong>: \(Markup.escape(check.note))")
            }
        }
        try page.pictures(context.inputs("plots"), heading: "Plots")
        for input in context.inputs("tables") {
            let table = try Table(csv: input.bytes())
            page.heading(input.producer)
            page.table(
                table.columns.map(Markup.escape),
                table.rows.map { row in
                    row.map { Markup.escape(text($0)) }
                })
        }
        laws(&page, results)
        answers(&page, results)
        allocations(&page, results)
        try context.write("report", page.html())
        try context.write("checks", JSON.array(checks.map { $0.json }).pretty())
    }

    private static func text(_ cell: JSON) -> String {
        if let whole = cell.integer, whole.magnitude < 100_000 { return String(whole) }
        if let number = cell.double { return Markup.significant(number, 4) }
        return cell == .null ? "–" : cell.text ?? cell.canonicalText
    }

    /// Each document that tells itself in a line, such as a chain of laws, with its warnings.
    private static func answers(
        _ page: inout ReportPage, _ results: [(input: StageInput, json: JSON)]
    ) {
        lines(&page, "Answers", results) { $0["summary"]?.text }
    }

    /// Each allocation in one line, with warnings.
    private static func allocations(
        _ page: inout ReportPage, _ results: [(input: StageInput, json: JSON)]
    ) {
        lines(&page, "How compute is best spent", results) {
            $0["format"] == "bitlaw/allocation/1" ? AllocationSummary.text($0) : nil
        }
    }

    /// A heading, and below it each document that has a line, with its warnings; nothing without one.
    private static func lines(
        _ page: inout ReportPage, _ heading: String,
        _ results: [(input: StageInput, json: JSON)], _ line: (JSON) -> String?
    ) {
        let told = results.filter { line($0.json) != nil }
        guard !told.isEmpty else { return }
        page.heading(heading)
        for (input, json) in told { self.line(&page, input, line(json) ?? "", json) }
    }

    /// A document's line after its producer's name, with its warnings.
    private static func line(
        _ page: inout ReportPage, _ input: StageInput, _ text: String, _ json: JSON
    ) {
        page.paragraph(
            "<strong>\(Markup.escape(input.producer))</strong> " + page.number(text, from: [input]))
        warnings(&page, json)
    }

    /// What a reader should know of a document, below its line.
    private static func warnings(_ page: inout ReportPage, _ document: JSON) {
        let warnings = (document["warnings"]?.elements ?? []).compactMap { $0.text }
        for warning in ShownWarnings.lines(warnings, in: "its JSON document") {
            page.paragraph("⚠ \(Markup.escape(warning))")
        }
    }

    /// Each law in one line, with warnings and its checklist.
    private static func laws(
        _ page: inout ReportPage, _ results: [(input: StageInput, json: JSON)]
    ) {
        let laws = results.filter { $0.json["format"] == "bitlaw/law/1" }
        guard !laws.isEmpty else { return }
        page.heading("Laws, and what a reader should ask of each")
        for (input, law) in laws {
            line(&page, input, LawSummary.text(law), law)
            let influence = (law["influence"]?.elements ?? []).compactMap { row -> String? in
                guard let name = row["parameter"]?.text, let left = row["leftOut"]?.text,
                    let shift = row["standardErrors"]?.double
                else { return nil }
                return "\(name) by \(Markup.significant(shift)) standard errors (\(left))"
            }
            if !influence.isEmpty {
                page.paragraph(
                    "What moves most when one is left out: "
                        + Markup.escape(influence.joined(separator: "; ")))
            }
            page.paragraph(
                (law["checklist"]?.elements ?? []).map {
                    "<em>\(Markup.escape($0["question"]?.text ?? ""))</em>: "
                        + Markup.escape($0["answer"]?.text ?? "")
                }.joined(separator: "<br>"))
        }
    }
}

/// A published number, ours, and whether they agree.
struct PublishedNumber {
    let what, source, note: String
    let published: Double
    let tolerance: Double
    let isAbsolute: Bool
    let ours: Double?
    private let input: StageInput?

    init(_ check: JSON, _ results: [(input: StageInput, json: JSON)]) throws {
        guard let what = check["what"]?.text, let published = check["published"]?.double,
            let tolerance = check["tolerance"]?.double, let of = check["of"]?.text,
            let path = check["path"]?.text
        else {
            throw FormatError(
                "checks: expected {what, published, tolerance, of, path}, found \(check.canonicalText)"
            )
        }
        self.what = what
        self.published = published
        self.tolerance = tolerance
        source = check["source"]?.text ?? ""
        note = check["note"]?.text ?? ""
        isAbsolute = check["absolute"]?.bool ?? false
        guard
            let found = results.first(where: {
                $0.input.producer == of || $0.input.producer.hasPrefix("\(of)[")
            })
        else {
            throw FormatError(
                "checks: \(what): no result of `\(of)`; expected one of "
                    + results.map { $0.input.producer }.joined(separator: ", "))
        }
        input = found.input
        var value: JSON? = found.json
        for step in path.split(separator: "/") {
            if let place = Int(step), let elements = value?.elements {
                value = elements.indices.contains(place) ? elements[place] : nil
            } else {
                value = value?[String(step)]
            }
        }
        ours = value?.double
    }

    /// Ours less the published value, relative unless the tolerance is absolute.
    var difference: Double? {
        ours.map { isAbsolute ? $0 - published : ($0 - published) / published.magnitude }
    }

    var agrees: Bool { difference.map { $0.magnitude <= tolerance } ?? false }

    private var verdict: String { ours == nil ? "not computed" : agrees ? "agrees" : "differs" }

    func row(_ page: inout ReportPage) -> [String] {
        let digits = 7
        let mine = ours.map { Markup.significant($0, digits) } ?? "–"
        let linked = input.map { page.number(mine, from: [$0]) } ?? mine
        let off = difference.map {
            isAbsolute ? Markup.significant($0) : "\(Markup.significant(100 * $0, 2)) %"
        }
        return [
            Markup.escape(what), Markup.escape(source), JSON.number(published).canonicalText,
            linked,
            off ?? "–",
            Verdict.badge(agrees ? "held" : "failed", verdict),
        ]
    }

    var json: JSON {
        [
            "what": .string(what), "source": .string(source), "published": .number(published),
            "ours": .finite(ours), "difference": .finite(difference),
            "tolerance": .number(tolerance), "absolute": .bool(isAbsolute),
            "verdict": .string(verdict), "note": .string(note),
        ]
    }
}
