import Cache
import Numerics
package import Pipeline

/// Tells what one-pass learning did and what theory says of it, on one page.
package enum OnlineReport: Stage {
    private static func port(_ name: String, _ summary: String) -> InputPort {
        InputPort(
            name, summary, isOptional: true, isCollection: true, takesSeveralStages: true)
    }

    /// The contract.
    package static let kind = Kind(
        name: "online.report", version: 2,
        summary:
            "Learning curves on power-law data: theory as lines, simulations as points, residuals, claims with verdicts.",
        source:
            "claims about Worschech & Rosenow (2024), arXiv 2410.09005; docs/POWER-LAW-SPECTRA.md",
        parameters: [
            Parameter("title", .text, "The page's title."),
            Parameter("text", .list(.text, count: 0...100), default: [], "Its paragraphs."),
            Parameter("series", .text, default: "levels", "The axis that the curves differ in."),
            Parameter("series_name", .text, default: "L", "Its symbol."),
            Parameter(
                "theory", .choice(["error", "small_rate", "finite", "truncated"]), default: "error",
                "The theory's column that simulations are compared with."),
            Parameter(
                "exponent", .optional(.number(from: 0, to: 10)), default: .null,
                "The tail's exponent, marked among the local ones."),
            Parameter(
                "claims", .list(.integer(1...15), count: 0...15), default: [],
                "Which claims of docs/POWER-LAW-SPECTRA.md are judged."),
        ],
        inputs: [
            port("curves", "curve.csv of online.sgd"),
            port("theories", "curve.csv of theory.linear or theory.order-parameters"),
            port("facts", "facts.json of the same theories"),
            port("plateaus", "plateau.json of online.plateau"),
            port("plots", "SVG pictures, such as plot.svg of law.fit"),
            port("overlaps", "curve.csv of theory.order-parameters with columns r11, r12 …"),
            port("average", "claim 1: curves, N = 1,024, L = 4, beta = 1, eta = sigma = 1, linear"),
            port("tail", "claim 5: curves, L = N = 1,024, beta = 0.75, eta = sigma = 0.01, linear"),
            port("features", "claim 8: curves, L = N = 256, eta = 0.05, 64 learn, linear"),
            port("pairs", "claim 9: curves, N = 512, K = M = 2, eta = 0.5, sigma = 0.1, erf"),
            port("pair-theories", "claim 9: the equations from the same starts"),
        ],
        outputs: [
            OutputPort("report", fileName: "report.html", "The page: no network, no script."),
            OutputPort(
                "claims", fileName: "claims.json",
                "Each claim: number, statement, basis, expected, measured, verdict."),
        ])

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        func curves(_ port: String) throws -> [OnlineCurve] {
            try context.inputs(port).map(OnlineCurve.init)
        }
        var page = ReportPage(
            title: parameters.text("title"),
            subtitle:
                "After R. Worschech and B. Rosenow, “Analyzing neural scaling laws in two-layer networks with power-law data spectra” (arXiv 2410.09005)"
        )
        for text in parameters.texts("text") { page.paragraph(Markup.escape(text)) }
        page.paragraph(
            "The body of the paper could not be read; its abstract, captions and reviews could. Scales and formulas are "
                + "ours \(ReportPage.ours), derived in docs/POWER-LAW-SPECTRA.md; where a claim is the paper's, its basis says so."
        )
        let figures = OnlineFigures(
            groups: OnlineEnsemble.groups(
                try curves("curves"), by: parameters.text("series")),
            theories: OnlineEnsemble.groups(
                try curves("theories"), by: parameters.text("series")),
            facts: try context.inputs("facts").map { (try JSON(parsing: $0.bytes()), $0) },
            symbol: parameters.text("series_name"), column: parameters.text("theory"),
            exponent: parameters.isNull("exponent") ? nil : parameters.number("exponent"),
            axis: parameters.text("series"))
        figures.add(to: &page)
        for curve in try curves("overlaps") { OnlineFigures.overlaps(curve, &page) }
        try plateaus(context, &page)
        let plots = try context.inputs("plots").map { input in
            (
                svg: String(decoding: try input.bytes(), as: UTF8.self),
                caption: page.number(input.producer, from: [input])
            )
        }
        if !plots.isEmpty {
            page.heading("Laws")
            page.figures(plots)
        }
        let claims = OnlineClaims(
            curves: try curves("curves"), average: try curves("average"),
            tail: try curves("tail"), features: try curves("features"),
            pairs: try curves("pairs"), pairTheories: try curves("pair-theories"))
        var judged: [JSON] = []
        let wanted = parameters.integers("claims")
        if !wanted.isEmpty { page.heading("Which claims held") }
        for (place, number) in wanted.enumerated() {
            context.progress(place, of: wanted.count, note: "claim \(number)")
            let claim = try claims.claim(number, &page)
            page.claim(number, claim.shown)
            judged.append(claim.json(number))
        }
        try context.write("report", page.html())
        try context.write("claims", JSON.array(judged).pretty())
    }

    private static func plateaus(_ context: StageContext, _ page: inout ReportPage) throws {
        let inputs = context.inputs("plateaus")
        if inputs.isEmpty { return }
        page.heading("Plateaus")
        page.paragraph(
            "A plateau is the longest stretch of slopes above −0.2, after the error first halved, that is followed by a fall below half of its height; it "
                + "begins within 10 % of the height and ends at half of it; the uncertainty moves both thresholds. \(ReportPage.ours)"
        )
        var rows: [[String]] = []
        for input in inputs {
            let json = try JSON(parsing: input.bytes())
            func cell(_ name: String) -> String {
                guard let value = json[name]?.double else { return "–" }
                return page.number(Markup.significant(value), from: [input])
            }
            rows.append(
                [Markup.escape(input.producer)]
                    + ["start", "end", "length", "length_uncertainty", "height", "slope"].map(cell))
        }
        page.table(["curve", "start α", "end α", "length", "±", "height", "slope after"], rows)
    }
}
