import Canon
package import Experiment
import Numerics
import Workbench

/// A page on the dynamical model: claims, theory on simulation, frontiers.
package enum DynamicsReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "dynamics.report", version: 4,
        summary:
            "A report: claims B1 to B7 with verdicts, loss curves of theory and simulation, exponents.",
        source: "our own: docs/COMPUTE-OPTIMAL.md",
        parameters: [
            ReportPorts.title,
            ReportPorts.text,
        ],
        inputs: [
            InputPort(
                "exponents", "exponents.json of dynamics.exponents", isOptional: true,
                isCollection: true),
            InputPort(
                "losses", "losses.csv of dynamics.simulate, over axes with a and b",
                isOptional: true,
                isCollection: true),
            InputPort(
                "ensembles", "ensembles.csv of dynamics.simulate", isOptional: true,
                isCollection: true),
            InputPort(
                "descents", "losses.csv of dynamics.descent", isOptional: true, isCollection: true,
                takesSeveralStages: true),
            ReportPorts.plots,
        ],
        outputs: [
            ReportPorts.page,
            ReportPorts.claims,
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let results = try DynamicsClaims(context)
        let claims = results.all()
        var page = ReportPage(
            title: context.parameters.text("title"),
            subtitle: """
                Random features under gradient flow and descent: Bordelon, Atanasov &amp; Pehlevan \
                (2024), arXiv 2402.01092, by a published summary
                """)
        page.paragraphs(context.parameters.texts("text"))
        page.heading("Claims")
        page.claims(claims)
        exponents(&page, results)
        let plots = try context.inputs("plots").map { try page.picture($0) }
        page.heading("Pictures")
        page.figures(curves(&page, results) + descents(&page, results) + plots)
        try page.write(claims, to: context)
    }

    /// Measured exponents beside their limits.
    private static func exponents(_ page: inout ReportPage, _ results: DynamicsClaims) {
        guard !results.exponents.isEmpty else { return }
        page.heading("Local exponents of the theory, and their limits")
        page.paragraph(
            """
            Beside each local exponent its limit in brackets: in the hard regime the published \
            ones, in the easy regime ours.
            """)
        page.table(
            [
                "a, b", "regime", "time", "size", "size, far", "data, far", "L*(C)", "N*(C)",
                "t*(C)",
            ],
            results.exponents.map { input, json in
                let (a, b) = (json["a"]?.double ?? 2, json["b"]?.double ?? 1)
                let isHard = a - 1 < b
                func cell(_ value: Double?, _ limit: Double) -> String {
                    page.number(Told.number(value), from: [input]) + " (\(Told.number(limit)))"
                }
                let mu = (a - 1) / b
                // Easy: t^−(a−1)/b against N^−1 t^−(1−1/b), with N = C/t.
                let easy = mu - (1 - 1 / b)
                let time = isHard ? b / (1 + b) : 1 / (1 + easy)
                return [
                    "\(Told.plain(a)), \(Told.plain(b))", isHard ? "hard" : "easy",
                    cell(json["time"]?.double, -mu),
                    cell(json["size"]?.double, -min(a - 1, b)),
                    cell(json["size_far"]?.double, -min(a - 1, b)),
                    cell(json["data_far"]?.double, -min(a - 1, 2 * b)),
                    cell(json["optimum"]?["loss"]?.double, -mu * time),
                    cell(json["optimum"]?["size"]?.double, 1 - time),
                ]
            })
    }

    /// Loss over time of several sizes, simulation (markers) and theory (lines).
    private static func curves(_ page: inout ReportPage, _ results: DynamicsClaims) -> [(
        svg: String, caption: String
    )] {
        results.losses.map { curve in
            var chart = Chart(
                title: "Loss curves, a = \(Told.plain(curve.a)), b = \(Told.plain(curve.b))",
                xLabel: "time t", yLabel: "loss")
            let sizes = Set(curve.table.rows.compactMap { $0[0].double }).sorted()
            for size in sizes {
                var series = Chart.Series(name: "N = \(Int(size))")
                for row in curve.table.rows where row[0].double == size {
                    guard let t = row[1].double, let mean = row[2].double, let se = row[3].double,
                        let theory = row[5].double
                    else { continue }
                    series.points.append((t, mean))
                    series.bars.append((mean - 2 * se, mean + 2 * se))
                    series.line.append((t, theory))
                }
                chart.series.append(series)
            }
            return (
                chart.svg(),
                "Markers: means over draws, bars two standard errors; lines: theory for the same modes. "
                    + page.number(curve.input.producer, from: [curve.input])
            )
        }
    }

    /// Test and train on reused data.
    private static func descents(_ page: inout ReportPage, _ results: DynamicsClaims) -> [(
        svg: String, caption: String
    )] {
        results.descents.compactMap { input, table in
            guard table.rows.first?[3].double != nil else { return nil }
            var chart = Chart(
                title: "Reused data: test and train", xLabel: "step + 1", yLabel: "loss")
            for (name, theory, mean) in [("test", 1, 3), ("train", 2, 5)] {
                var series = Chart.Series(name: "\(name): runs (markers), mean-field theory (line)")
                var next = 1.0
                for row in table.rows {
                    guard let step = row[0].double, let line = row[theory].double else { continue }
                    series.line.append((step + 1, line))
                    guard step + 1 >= next, let value = row[mean].double,
                        let se = row[mean + 1].double
                    else { continue }
                    series.points.append((step + 1, value))
                    series.bars.append((value - 2 * se, value + 2 * se))
                    next = (step + 1) * 1.2
                }
                chart.series.append(series)
            }
            return (chart.svg(), page.number(input.producer, from: [input]))
        }
    }
}
