import Canon
package import Experiment
import System
import Workbench

/// A page on theory and experiment of compute-optimal scaling, with a verdict on every claim.
package enum OptimalReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.report", version: 4,
        summary:
            "A report: claims J1 to J12 with verdicts, pictures, the optimal split beside the bound's.",
        source: "our own: docs/COMPUTE-OPTIMAL.md",
        parameters: [
            ReportPorts.title,
            ReportPorts.text,
        ],
        inputs: [
            InputPort("bound", "optima.csv of optimal.bound", isOptional: true),
            InputPort(
                "facts", "facts.json of optimal.teacher-facts", isOptional: true, isCollection: true
            ),
            InputPort(
                "surfaces", "surface.json of optimal.surface", isOptional: true, isCollection: true),
            InputPort(
                "points", "points.csv of optimal.surface", isOptional: true, isCollection: true),
            ReportPorts.plots,
        ],
        outputs: [
            ReportPorts.page,
            ReportPorts.claims,
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let results = try OptimalResults(context)
        let claims = OptimalClaims(results: results).all()
        var page = ReportPage(
            title: context.parameters.text("title"),
            subtitle:
                "Bound, teacher and experiment of our own for the setting of Jeon &amp; Van Roy, arXiv "
                + "2212.01365 and 2407.01456, whose text we have not seen beyond abstracts")
        page.paragraphs(context.parameters.texts("text"))
        page.heading("Claims")
        page.claims(claims)
        split(&page, results)
        let plots = try context.inputs("plots").map { try page.picture($0) }
        page.heading("Pictures")
        page.figures(plots + own(&page, results))
        try page.write(claims, to: context)
    }

    /// Exponents and optima of every setting beside the bound's.
    private static func split(_ page: inout ReportPage, _ results: OptimalResults) {
        guard !results.settings.isEmpty else { return }
        page.heading("The two-term surface A·n^−α + B·T^−β of each setting")
        page.paragraph(
            """
            Percentile intervals from resampled teachers, the rate of every point chosen anew in \
            each sample. The slope is reported as measured, never forced to ½; beside it our \
            bound's local slope at C = 10⁶. Slopes are d ln/d ln C; the residual is the root mean \
            square of the logarithms.
            """)
        page.table(
            [
                "setting", "α", "β", "slope of p*", "bound's", "slope of err*", "residual",
            ],
            results.settings.map { one in
                let s = one.surface
                return [
                    Markup.escape(one.name),
                    Told.interval(s["alpha"]), Told.interval(s["beta"]),
                    page.number(Told.interval(s["size_exponent"]), from: [one.input]),
                    Told.number(one.optimum(1e6)?["bound"]?["slope"]?.double),
                    Told.interval(s["error_exponent"]), Told.number(s["residual"]?.double, 2),
                ]
            })
        page.heading("The best split of compute")
        var rows: [[String]] = []
        for one in results.settings {
            for (place, optimum) in (one.surface["optima"]?.elements ?? []).enumerated()
            where place % 2 == 0 {
                rows.append([
                    Markup.escape(one.name), Told.number(optimum["C"]?.double, 2),
                    page.number(Told.interval(optimum["p"], 2), from: [one.input]),
                    Told.interval(optimum["T"], 2), Told.interval(optimum["error"], 2),
                    Told.interval(optimum["ratio"], 2),
                    Told.number(optimum["bound"]?["ratio"]?.double, 2),
                    Told.number(optimum["bound"]?["error"]?.double),
                ])
            }
        }
        page.table(
            ["setting", "C", "p*", "T*", "err*, nats", "p*/T*", "bound's", "bound"],
            rows)
        averages(&page, results)
    }

    /// The time-averaged error against the bound, which speaks of a Bayes mixture.
    private static func averages(_ page: inout ReportPage, _ results: OptimalResults) {
        var (below, count, nearest) = (0, 0, 0.0)
        for one in results.settings where one.gain == 1 {
            for (average, bound) in zip(one.numbers("average"), one.numbers("bound"))
            where average.isFinite {
                count += 1
                if average <= bound { below += 1 }
                nearest = max(nearest, average / bound)
            }
        }
        guard count > 0 else { return }
        page.paragraph(
            """
            The bound holds for the error of a Bayes mixture averaged over the run, not for one \
            pass of Adam. All the same the running average of the students lies below it at \
            \(below) of \(count) points; the largest average is \(Told.number(nearest)) of its \
            bound.
            """)
    }

    /// Pictures made here: the frontier, and running averages under the bound.
    private static func own(_ page: inout ReportPage, _ results: OptimalResults) -> [(
        svg: String, caption: String
    )] {
        guard !results.settings.isEmpty else { return [] }
        var frontier = Chart(
            title: "Least error at a compute", xLabel: "compute C = p·T", yLabel: "error (nats)")
        for one in results.settings.prefix(7) {
            var series = Chart.Series(name: one.name)
            var least = Double.infinity
            for (c, error) in zip(one.numbers("C"), one.numbers("error")).sorted(by: { $0.0 < $1.0 }
            )
            where error < least {
                series.points.append((x: c, y: error))
                least = error
            }
            series.line = (one.surface["optima"]?.elements ?? []).compactMap { optimum in
                guard let c = optimum["C"]?.double, let error = optimum["error"]?["value"]?.double
                else {
                    return nil
                }
                return (x: c, y: error)
            }
            frontier.series.append(series)
        }
        var found = [
            (
                svg: frontier.svg(),
                caption:
                    "Markers: measured runs that no cheaper run beats; lines: err* of the surfaces. "
                    + page.number(
                        "surfaces and points", from: results.settings.flatMap { $0.inputs })
            )
        ]
        if let one = results.setting(8, 16) {
            var chart = Chart(
                title: "Error averaged over the run, and the bound", xLabel: "examples T",
                yLabel: "error (nats)")
            for n in [1.0, 4, 16, 64] {
                let rows = zip(one.numbers("n"), one.points.rows.indices).filter { $0.0 == n }.map {
                    $0.1
                }
                var series = Chart.Series(
                    name: "n = \(Told.number(n, 2)): students (markers), bound (line)")
                let (t, average, bound) = (
                    one.numbers("T"), one.numbers("average"), one.numbers("bound")
                )
                series.points = rows.map { (x: t[$0], y: average[$0]) }
                series.line = rows.map { (x: t[$0], y: bound[$0]) }
                if !rows.isEmpty { chart.series.append(series) }
            }
            found.append((chart.svg(), "d = 8, K = 16. " + page.number("points", from: one.inputs)))
        }
        return found
    }
}
