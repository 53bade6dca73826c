import Canon
package import Experiment
import Workbench

/// Tells what the experiments on hidden factors show, figure by figure and claim by claim.
package enum FactorReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.report", version: 4,
        summary: """
            The report of the experiments on hidden factors: figures, local slopes, laws, and \
            which claims held.
            """,
        source: "claims and their bases: docs/HIDDEN-FACTORS.md",
        parameters: [
            Parameter(
                "title", .text, default: "Hidden factorial structure in discrete data",
                "The page's title."),
            Parameter("setting", .text, default: "", "A sentence on the sizes of this run."),
            Parameter(
                "claims", .optional(.list(.integer(1...18), count: 0...18)), default: .null,
                "Which claims to judge; null for all."),
            Parameter(
                "law_notes", .list(.text, count: 0...100), default: [],
                "What stands below the laws, such as why a form is missing."),
        ],
        inputs: [
            InputPort(
                "series", "series.json of factors.series, in the order of the page",
                isOptional: true, isCollection: true, takesSeveralStages: true),
            InputPort(
                "entropies", "entropy.json of factors.entropy", isOptional: true,
                isCollection: true, takesSeveralStages: true),
            InputPort(
                "ranks", "rank.json of factors.rank", isOptional: true, isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "laws", "law.json of fits to the figures' runs", isOptional: true,
                isCollection: true, takesSeveralStages: true),
            InputPort(
                "comparisons", "comparison.csv of law.compare", isOptional: true,
                isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            ReportPorts.page,
            OutputPort(
                "claims", fileName: "claims.json",
                "Each claim: number, statement, basis, test, verdict, and the numbers behind it as measured."
            ),
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let series = try context.inputs("series").map { (series: try FactorSeries($0), input: $0) }
        func documents(_ port: String) throws -> [(json: JSON, input: StageInput)] {
            try context.inputs(port).map { (json: try JSON(parsing: $0.bytes()), input: $0) }
        }
        let claims = FactorClaims(
            evidence: FactorClaims.Evidence(
                series: series, entropies: try documents("entropies"),
                ranks: try documents("ranks")))
        let wanted =
            context.parameters.isNull("claims")
            ? Array(1...18) : context.parameters.integers("claims")
        var page = ReportPage(
            title: context.parameters.text("title"),
            subtitle: """
                After Arnal, Berenfeld, Rosenberg and Cabannes, “Scaling Laws with Hidden \
                Structure” (2024), arXiv 2411.01375
                """,
            style: """
                .scroll th[scope=row]{white-space:normal;min-width:6rem}\
                .scroll td small{display:block}\
                .prose th,.prose td{white-space:normal;text-align:left;font-weight:400}\
                figure:only-child{max-width:38rem}.claim p{max-width:none}
                """)
        opening(&page, context.parameters.text("setting"))
        let entries = claims.entries(wanted, &page)
        overview(&page, entries)
        for section in FactorSection.all {
            let figures = series.filter { $0.series.section == section.name }
            let own = entries.filter { section.claims.contains($0.number) }
            if figures.isEmpty && own.isEmpty { continue }
            page.heading(section.heading)
            page.paragraph(section.text)
            for entry in own { page.claim(entry.number, entry.claim) }
            show(figures, &page)
        }
        let known = FactorSection.all.map { $0.name }
        show(series.filter { !known.contains($0.series.section) }, &page)
        try laws(
            &page, documents("laws"), context.inputs("comparisons"),
            context.parameters.texts("law_notes"))
        try context.write("report", page.html())
        try context.write(
            "claims",
            JSON.array(
                entries.map { entry in
                    [
                        "number": .number(Double(entry.number)),
                        "statement": .string(entry.claim.statement),
                        "basis": .string(entry.basis), "test": .string(entry.claim.test),
                        "verdict": .string(entry.claim.verdict.text),
                        "measured": .object(
                            entry.measured.filter { $0.value.isFinite }.mapValues { .number($0) }),
                    ]
                }
            ).pretty())
    }

    private static func opening(_ page: inout ReportPage, _ setting: String) {
        let ours = ReportPage.ours
        page.paragraph(
            """
            An input token is secretly a product of factors, an output token too, and each output \
            factor depends on a few input factors, its parents: p(y|x) = Π p(y<sub>j</sub> | \
            parents of j). A learner that finds the structure needs far fewer data and a far \
            smaller width than one that does not. χ = Σ q<sub>j</sub> |pa<sub>j</sub>| measures \
            the data, χ̄ = Σ min(q<sub>j</sub>, |pa<sub>j</sub>|) the width.
            """)
        if !setting.isEmpty { page.paragraph(Markup.escape(setting)) }
        page.paragraph(
            """
            Losses are mean Kullback–Leibler divergences from the exact p, in nats. Curves are \
            arithmetic means over seeds, as in the paper's figures; bars and bands reach from the \
            least to the largest seed, tables give geometric means in parentheses, for single hard \
            tasks dominate a mean. Where a curve bends, its local slopes over the first, middle \
            and last third are given, and no exponent. Model, loss, grids and schedules are the \
            authors' (public code); no exponent was published that we could read. Random numbers, \
            smaller sizes, tests of claims and their gates, counting baselines, the rank bound and \
            all laws are ours \(ours). Published absolute values are compared at the published \
            size only, and within a factor 4.
            """)
    }

    /// All claims at a glance.
    private static func overview(_ page: inout ReportPage, _ entries: [FactorClaims.Entry]) {
        guard !entries.isEmpty else { return }
        page.heading("Which claims held")
        page.table(
            ["claim", "basis", "verdict"],
            entries.map { entry in
                [
                    "\(entry.number). \(Markup.escape(entry.claim.statement))",
                    Markup.escape(entry.basis),
                    entry.claim.verdict.badge,
                ]
            }, className: "prose")
    }

    /// Figures side by side, then the numbers and slopes of each.
    private static func show(
        _ figures: [(series: FactorSeries, input: StageInput)], _ page: inout ReportPage
    ) {
        guard !figures.isEmpty else { return }
        page.figures(
            figures.map { series, input in
                let counts = series.curves.flatMap { $0.points.map { $0.count } }
                let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
                let runs = least == most ? "\(most)" : "\(least) to \(most)"
                return (
                    series.chart.svg(),
                    "Means of \(runs) \(most == 1 ? "run" : "runs") a point. "
                        + page.number(input.producer, from: [input])
                )
            })
        for (series, _) in figures {
            let places = columns(series)
            let bends = series.curves.contains { $0.bends != nil }
            page.paragraph("<strong>\(Markup.escape(series.title))</strong>: mean (geometric mean)")
            page.table(
                [Markup.escape(series.xLabel.isEmpty ? "x" : series.xLabel)]
                    + places.map { FactorSeries.text($0) } + (bends ? ["local slopes"] : []),
                series.curves.map { curve in
                    [Markup.escape(curve.label.isEmpty ? "all" : curve.label)]
                        + places.map { curve.near($0).map(cell) ?? "" }
                        + (bends ? [slopes(curve)] : [])
                })
        }
    }

    /// The places of a table: all, where there are at most six; of curves that share their places
    /// five, about equally far apart in logarithms; of others powers of ten, at most six.
    private static func columns(_ series: FactorSeries) -> [Double] {
        let all = Set(series.curves.flatMap { $0.points.map { $0.x } }).sorted()
        guard all.count > 6, let first = all.first, let last = all.last, first > 0 else {
            return all
        }
        let longest = series.curves.map { $0.points.count }.max() ?? 0
        if all.count > 2 * longest { return LogSteps.powersOfTen(first, last, most: 6) }
        let ratio = LogSteps.ratio(first, last, steps: 4)
        var chosen: [Double] = []
        var wanted = first
        for _ in 0...4 {
            let nearest = all.min { LogSteps.distance($0, wanted) < LogSteps.distance($1, wanted) }
            if let nearest, chosen.last != nearest { chosen.append(nearest) }
            wanted *= ratio
        }
        return chosen
    }

    private static func cell(_ point: FactorSeries.Point) -> String {
        let mean = Markup.significant(point.mean, 2)
        guard point.count > 1 else { return mean }
        return "\(mean) <small>(\(Markup.significant(point.geometric, 2)))</small>"
    }

    /// One exponent only where the local slopes agree; else those of the thirds.
    private static func slopes(_ curve: FactorSeries.Curve) -> String {
        guard let thirds = curve.thirds, let bends = curve.bends else { return "" }
        guard bends else { return "about \(Markup.significant(thirds.reduce(0, +) / 3, 2))" }
        return thirds.map { Markup.significant($0, 2) }.joined(separator: ", ")
    }

    private static func laws(
        _ page: inout ReportPage, _ laws: [(json: JSON, input: StageInput)],
        _ comparisons: [StageInput], _ notes: [String]
    ) throws {
        guard !laws.isEmpty || !comparisons.isEmpty else { return }
        page.heading("Laws, and where there is none")
        page.paragraph(
            """
            The paper's first version calls four dependences scaling laws: of the loss on width, \
            operations, the part of the inputs that is seen, and χ. Forms are compared by the \
            corrected Akaike criterion; a difference above 10 leaves the larger no support. Where \
            the single power law has none, its exponent is a summary of a curve that bends, and no \
            law. \(ReportPage.ours)
            """)
        for input in comparisons {
            let table = try Table(csv: input.bytes())
            let kept = ["law", "log_error", "delta_aicc"]
            let columns = kept.compactMap { table[column: $0] }
            guard columns.count == kept.count else { continue }
            page.table(
                ["law", "fit", "log error", "Δ AICc"],
                columns[0].indices.map { row in
                    let name = columns[0][row].text ?? ""
                    let law = laws.first { $0.input.producer == name }
                    return [
                        page.number(name, from: [input]),
                        law.map { page.number(LawSummary.text($0.json), from: [$0.input]) } ?? "",
                    ]
                        + columns[1...].map { $0[row].double.map { Markup.significant($0) } ?? "–" }
                }, className: "prose")
        }
        for note in notes { page.paragraph(Markup.escape(note)) }
    }
}
