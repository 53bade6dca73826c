import Canon
package import Experiment
import System
import Workbench

/// Tells what one-pass learning did and what theory says of it, on one page.
package enum OnlineReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.report", version: 4,
        summary: """
            Learning curves on power-law data: theory as lines, simulations as points, residuals, \
            claims with verdicts.
            """,
        source:
            "claims about Worschech & Rosenow (2024), arXiv 2410.09005; docs/POWER-LAW-SPECTRA.md",
        parameters: [
            ReportPorts.title,
            Parameter(
                "text", .list(.text, count: 0...100), default: [],
                "Its paragraphs; ^ raises and _ lowers what follows, as in l^(−1−β) and N_l."),
            Parameter("series", .text, default: "levels", "The axis that the curves differ in."),
            Parameter("series_name", .text, default: "L", "Its symbol."),
            Parameter(
                "theory", .choice(["error", "small_rate", "finite", "truncated"]), default: "error",
                "The theory's column that simulations are compared with."),
            Parameter(
                "caption", .text, default: "",
                """
                What the caption of the learning curves begins with: which figure of the paper \
                they are, and whose.
                """),
            Parameter(
                "exponent", .optional(.number(from: 0, to: 10)), default: .null,
                "The tail's exponent, marked among the local ones."),
            Parameter(
                "claims", .list(.integer(1...15), count: 0...15), default: [],
                "Which claims of docs/POWER-LAW-SPECTRA.md are judged."),
        ],
        inputs: [
            .runs("curves", "curve.csv of online.sgd"),
            .runs("theories", "curve.csv of theory.linear or theory.order-parameters"),
            .runs("facts", "facts.json of the same theories"),
            .runs("plateaus", "plateau.json of online.plateau"),
            .runs(
                "exponents",
                "plateau.json of online.plateau with facts: exponents inside the theory's window"),
            .runs("figures", "figure.json of online.figure, in the order in which they are shown"),
            .runs("plots", "SVG pictures, such as plot.svg of law.fit"),
            .runs(
                "average", "claim 1: curves, N = 1,024, L = 4, beta = 1, eta = sigma = 1, linear"),
            .runs(
                "tail", "claim 5: curves, L = N = 1,024, beta = 0.75, eta = sigma = 0.01, linear"),
            .runs("features", "claim 8: curves, L = N = 256, eta = 0.05, 64 learn, linear"),
            .runs("pairs", "claim 9: curves, N = 512, K = M = 2, eta = 0.5, sigma = 0.1, erf"),
            .runs("pair-theories", "claim 9: the equations from the same starts"),
        ],
        outputs: [
            ReportPorts.page,
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
            subtitle: """
                After R. Worschech and B. Rosenow, “Analyzing neural scaling laws in two-layer \
                networks with power-law data spectra” (arXiv 2410.09005)
                """,
            style: "sub,sup{font-size:.72em;line-height:0}")
        for text in parameters.texts("text") { page.paragraph(Typeset.markup(text)) }
        page.paragraph(
            """
            The body of the paper could not be read; its abstract, captions and reviews could. \
            Scales and formulas are ours \(ReportPage.ours), derived in docs/POWER-LAW-SPECTRA.md; \
            where a claim is the paper's, its basis says so.
            """)
        var panel = OnlinePanel(
            groups: OnlineEnsemble.groups(try curves("curves"), by: parameters.text("series")),
            theories: OnlineEnsemble.groups(try curves("theories"), by: parameters.text("series")))
        panel.facts = try context.inputs("facts").map { (try JSON(parsing: $0.bytes()), $0) }
        panel.axis = parameters.text("series")
        panel.symbol = parameters.text("series_name")
        panel.columns = [parameters.text("theory")]
        panel.compared = parameters.text("theory")
        LearningCurveFigures(
            panel: panel, caption: parameters.text("caption"),
            exponent: parameters.isNull("exponent") ? nil : parameters.number("exponent")
        ).add(to: &page)
        let drawn = try context.inputs("figures").map { try OnlineFigureStage.shown($0, &page) }
        if !drawn.isEmpty {
            page.heading("Figures")
            page.figures(drawn)
        }
        try OnlineTables.plateaus(context, &page)
        try OnlineTables.exponents(context, &page)
        try page.pictures(context.inputs("plots"), heading: "Laws")
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
}
