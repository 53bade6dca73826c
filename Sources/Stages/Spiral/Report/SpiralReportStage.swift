import Canon
package import Experiment
import Workbench

/// Tells the article's story with our numbers, on one page.
package enum SpiralReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.report", version: 7,
        summary: "The spiral experiment's report: pictures, errors, laws, and which claims held.",
        source: "Dzekman (2024), as far as it could be read; claims of docs/SPIRAL.md",
        inputs: [
            InputPort("network", "errors.json of the networks", isCollection: true),
            InputPort("neighbour", "errors.json of nearest neighbours", isCollection: true),
            InputPort(
                "noisy", "errors.json of nearest neighbours on flipped labels", isOptional: true,
                isCollection: true),
            InputPort(
                "fields", "facts.json over fields of spots", isOptional: true, isCollection: true),
            InputPort(
                "field-errors", "errors.json over fields of spots", isOptional: true,
                isCollection: true),
            InputPort(
                "laws", "law.json of the nearest neighbours", isOptional: true, isCollection: true),
            InputPort(
                "plots", "plot.svg of laws", isOptional: true, isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "pictures", "picture.svg, in the order of the story", isOptional: true,
                isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            ReportPorts.page,
            OutputPort("claims", fileName: "claims.json", "Each claim, its test and its verdict."),
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let claims = SpiralClaims(
            network: try Measurements(context.inputs("network")),
            neighbour: try Measurements(context.inputs("neighbour")),
            noisy: try Measurements(context.inputs("noisy")),
            fields: try Measurements(context.inputs("fields")),
            fieldErrors: try Measurements(context.inputs("field-errors")),
            laws: try context.inputs("laws").map { (try JSON(parsing: $0.bytes()), $0) })
        var page = ReportPage(
            title: "Inductive bias against scale, on a spiral",
            subtitle:
                "After T. Dzekman, “Why Scaling Works: Inductive Biases vs The Bitter Lesson” (October 2024)"
        )
        opening(&page)
        if context.inputs("pictures").isEmpty {
            page.heading("What the models see")
            page.paragraph("This run drew no pictures.")
        }
        try page.pictures(context.inputs("pictures"), heading: "What the models see")
        page.heading("Errors")
        page.paragraph(
            """
            The fraction of test points on the wrong side: median over replicates. On the mixture \
            that the points come from, and uniformly over the disc, which asks for the shape \
            itself.
            """)
        for region in ["mixture", "uniform", "tip", "sparse"] { errors(&page, claims, region) }
        chart(&page, claims, "mixture", "Error on the mixture")
        chart(&page, claims, "uniform", "Error over the uniform disc")
        page.heading("Laws")
        page.paragraph(
            """
            Fitted by least squares of log residuals; larger samples are held out where the plot \
            shades them; intervals by bootstrap over replicates. With three replicates the \
            intervals are coarse: read them as a spread. \(ReportPage.ours)
            """)
        page.figures(try context.inputs("plots").map { try page.picture($0) })
        page.heading("Which claims held")
        let judged = claims.all(&page)
        for (number, claim) in judged.enumerated() { page.claim(number + 1, claim) }
        try context.write("report", page.html())
        try context.write(
            "claims",
            JSON.array(
                judged.map {
                    [
                        "statement": .string($0.statement), "test": .string($0.test),
                        "verdict": .string($0.verdict.text),
                    ]
                }
            ).pretty())
    }

    /// What the article is about, and what of it is ours.
    private static func opening(_ page: inout ReportPage) {
        let ours = ReportPage.ours
        page.paragraph(
            """
            A closed curve winds about four times around the origin, makes a sharp turn and runs \
            back between its own arms. Points inside are orange, points outside blue, without \
            noise; they are sampled from a field of spots that knows nothing of the curve, so \
            stretches of it are hardly ever seen. Can a model find the curve, and what helps more: \
            knowing that it is a spiral, or more points?
            """)
        page.paragraph(
            """
            The article shows pictures and gives no error numbers; the copies that we could read \
            end before its nearest-neighbour figure. Everything marked \(ours) is ours: the \
            formulas of the curve \(ours), the field \(ours), widths, rates and steps of the \
            networks \(ours), and all scoring \(ours).
            """)
    }

    /// A row for each model, a column for each sample size.
    private static func errors(_ page: inout ReportPage, _ claims: SpiralClaims, _ region: String) {
        var rows: [[String]] = []
        let sizes = claims.neighbour.axis("samples")
        func row(_ name: String, _ one: Measurements) {
            rows.append(
                [Markup.escape(name)]
                    + sizes.map { size in
                        let cell = one.at(["samples": size])
                        guard let value = cell.median(region) else { return "" }
                        return page.number(Markup.significant(value), from: cell.inputs)
                    })
        }
        for model in claims.network.axis("model") {
            row("network, \(model.text ?? "")", claims.network.at(["model": model]))
        }
        for features in claims.neighbour.axis("features") {
            for k in claims.neighbour.axis("k") {
                row(
                    "k = \(k.canonicalText), \(features.text ?? "")",
                    claims.neighbour.at(["features": features, "k": k]))
            }
        }
        let names = [
            "mixture": "On the mixture", "uniform": "Over the disc", "tip": "At the tip",
            "sparse": "Where density is low",
        ]
        page.table(
            ["\(names[region] ?? region), n ="] + sizes.map { GroupedDigits.text($0.integer ?? 0) },
            rows)
    }

    private static func chart(
        _ page: inout ReportPage, _ claims: SpiralClaims, _ region: String, _ title: String
    ) {
        var chart = Chart(title: title, xLabel: "sample size n (points)", yLabel: "fraction wrong")
        func add(_ name: String, _ one: Measurements) {
            var series = Chart.Series(name: name)
            for (x, y) in one.curve(region) where y > 0 {
                let spread = one.at(["samples": .number(x)]).values(region)
                series.points.append((x, y))
                series.bars.append((spread.min() ?? y, spread.max() ?? y))
            }
            series.line = series.points
            if !series.points.isEmpty { chart.series.append(series) }
        }
        for model in claims.network.axis("model") {
            add("network, \(model.text ?? "")", claims.network.at(["model": model]))
        }
        for features in claims.neighbour.axis("features") {
            for k in claims.neighbour.axis("k") {
                add(
                    "k = \(k.canonicalText), \(features.text ?? "")",
                    claims.neighbour.at(["features": features, "k": k]))
            }
        }
        if !chart.series.isEmpty {
            page.figures([
                (chart.svg(), "Medians over replicates; bars from the least to the largest.")
            ])
        }
    }
}
